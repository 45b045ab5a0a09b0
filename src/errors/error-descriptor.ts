/** What the catalogue says of one error: code, one-line template with {tags}, and what to do about it. */
export interface ErrorDescriptor {
  readonly code: string;
  readonly template: string;
  readonly help: string;
}
