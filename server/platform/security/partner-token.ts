import { createPublicKey } from "node:crypto";
import { decodeProtectedHeader, errors, jwtVerify } from "jose";
import { isPlainText } from "#contracts/plain-text.ts";

/** Longest life of a partner's token, and how far the partner's clock may be off, in seconds. */
const lifeSecondsMax = 60;
const clockToleranceSeconds = 5;

export interface PartnerTokenRules {
  readonly publicKeyPem: string;
  /** Id of the partner that the key is registered for. */
  readonly issuer: string;
  /** Our own origins: a token for another service is none for us. */
  readonly audiences: readonly string[];
  readonly now: Date;
}

export interface PartnerClaims {
  /** The partner's own id of the trader. */
  readonly subject: string;
  readonly name: string | null;
  readonly tokenId: string;
  /** When the token is dead even with the tolerance: until then its id must be remembered. */
  readonly deadAt: Date;
}

/** The key a token says it is signed with; null when it says nothing usable. Nothing is verified yet. */
export function keyIdOf(token: string): string | null {
  try {
    const { kid } = decodeProtectedHeader(token);
    return typeof kid === "string" && kid.length > 0 && kid.length <= 128 ? kid : null;
  } catch {
    return null;
  }
}

/**
 * Checks a partner's login token against the key we hold: EdDSA or ES256 only, so that neither `none` nor an HMAC with the
 * public key as secret passes; key references in the header (`jku`, `jwk`, `x5u`) are never looked at. Null: not valid.
 */
export async function readPartnerToken(token: string, rules: PartnerTokenRules): Promise<PartnerClaims | null> {
  try {
    const { payload } = await jwtVerify(token, createPublicKey(rules.publicKeyPem), {
      algorithms: ["EdDSA", "ES256"],
      issuer: rules.issuer,
      audience: [...rules.audiences],
      currentDate: rules.now,
      clockTolerance: clockToleranceSeconds,
      maxTokenAge: lifeSecondsMax,
      requiredClaims: ["sub", "exp", "iat", "jti"],
    });
    const { sub, jti, exp, iat, name } = payload;
    if (!isClaim(sub, 128) || !isClaim(jti, 128)) return null;
    if (typeof exp !== "number" || typeof iat !== "number" || exp - iat > lifeSecondsMax) return null;
    return {
      subject: sub,
      name: isClaim(name, 120) ? name : null,
      tokenId: jti,
      deadAt: new Date((exp + clockToleranceSeconds + 1) * 1000),
    };
  } catch (error) {
    // A key of another kind than the algorithm named is a TypeError of the library's.
    if (error instanceof errors.JOSEError || error instanceof TypeError) return null;
    throw error;
  }
}

/** A text that can be stored as it is. */
const isClaim = (claim: unknown, charsMax: number): claim is string =>
  typeof claim === "string" && claim.length > 0 && claim.length <= charsMax && isPlainText(claim);
