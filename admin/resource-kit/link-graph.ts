import type { LinkState } from "#contracts/link-names.ts";

/** A link as the list of links tells it. */
export interface GraphLink {
  readonly id: string;
  readonly traderA: string;
  readonly traderB: string;
  /** 0 to 1, as a decimal. */
  readonly score: string;
  readonly state: LinkState;
}

export interface GraphNode {
  readonly traderId: string;
  readonly x: number;
  readonly y: number;
}

export interface GraphEdge extends GraphLink {
  readonly from: GraphNode;
  readonly to: GraphNode;
}

/** Where the traders of a group stand: on a circle, the one with the most links first, so that its lines cross least. Room is left `beside` and `above` them for their names. */
export function layOut(
  links: readonly GraphLink[],
  { width, height, beside, above }: Record<"width" | "height" | "beside" | "above", number>,
): { readonly nodes: readonly GraphNode[]; readonly edges: readonly GraphEdge[] } {
  const counts = new Map<string, number>();
  for (const { traderA, traderB } of links)
    for (const trader of [traderA, traderB]) counts.set(trader, (counts.get(trader) ?? 0) + 1);
  const traders = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([trader]) => trader);
  const [radiusX, radiusY] = [width / 2 - beside, height / 2 - above];
  const nodes = new Map(
    traders.map((traderId, place) => {
      const angle = (2 * Math.PI * place) / traders.length - Math.PI;
      return [
        traderId,
        { traderId, x: width / 2 + radiusX * Math.cos(angle), y: height / 2 + radiusY * Math.sin(angle) },
      ];
    }),
  );
  const edges = links.flatMap((link) => {
    const [from, to] = [nodes.get(link.traderA), nodes.get(link.traderB)];
    return from === undefined || to === undefined ? [] : [{ ...link, from, to }];
  });
  return { nodes: [...nodes.values()], edges };
}
