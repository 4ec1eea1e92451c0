import type { Knex } from "knex";

/** Files that people add to a record: a bank's advice, a passport's copy. They lie in the database, so one backup has them and the books. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE attachments (
      id uuid PRIMARY KEY,
      tenant_id integer REFERENCES partners(id),
      resource text NOT NULL,
      object_id text NOT NULL,
      name text NOT NULL CONSTRAINT attachments_name_short CHECK (length(name) BETWEEN 1 AND 120),
      media_type text NOT NULL
        CONSTRAINT attachments_media_type_known CHECK (media_type IN ('application/pdf', 'image/png', 'image/jpeg')),
      size integer NOT NULL CONSTRAINT attachments_size_bounded CHECK (size BETWEEN 1 AND 5242880),
      sha256 bytea NOT NULL,
      bytes bytea NOT NULL,
      added_by_id uuid,
      added_by text NOT NULL,
      added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT attachments_size_is_its CHECK (size = octet_length(bytes)),
      CONSTRAINT attachments_hash_is_its CHECK (sha256 = sha256(bytes)),
      CONSTRAINT attachments_once UNIQUE (resource, object_id, sha256)
    );
    COMMENT ON TABLE attachments IS 'files added to a record; never changed or removed';
    -- The files are compressed in themselves: trying again would only cost time.
    ALTER TABLE attachments ALTER COLUMN bytes SET STORAGE EXTERNAL;
    CREATE TRIGGER attachments_append_only BEFORE UPDATE OR DELETE ON attachments FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER attachments_no_truncate BEFORE TRUNCATE ON attachments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE attachments ENABLE ALWAYS TRIGGER attachments_append_only;
    ALTER TABLE attachments ENABLE ALWAYS TRIGGER attachments_no_truncate;
    GRANT SELECT, INSERT ON attachments TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP TABLE attachments");
}
