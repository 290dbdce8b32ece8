/// Holds payloads against the JSON Schemas that namespaces name; no Vert.x, no I/O but reading the
/// schemas' own files.
///
/// The only importer of the JSON Schema library and of RE2. Start reading at
/// [dev.switchboard.schema.Schemas]. Nothing of another machine is ever read, and what a payload
/// may cost is bounded by [dev.switchboard.schema.Budget].
package dev.switchboard.schema;
