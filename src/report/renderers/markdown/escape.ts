/**
 * Text of the user's in GitHub-flavoured Markdown, shown letter by letter: no HTML, formatting, link,
 * mention or reference comes of it, in or outside of a table.
 *
 * Owns: escaping. Does not own: which text is code and which is prose.
 */
import { plainText, shorten } from "../plain-text";

/** Longer names are cut: one of them must not fill a comment. */
const MAX_NAME = 200;

/** A name as code: on one line, good in a table cell. */
export function code(text: string): string {
  const plain = shorten(plainText(text), MAX_NAME);
  if (plain.trim() === "") {
    return "<code></code>";
  }
  // In a code span nothing is markup but the backtick; in a table cell the pipe, and the backslash
  // before it, are as well. A blank at both ends would be taken off.
  return /[`|\\]|^ | $/.test(plain) ? `<code>${entities(plain)}</code>` : `\`${plain}\``;
}

/** A sentence, possibly with names in it, outside of tables. */
export function prose(text: string): string {
  return (
    plainText(text)
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/[\\`*_{}[\]#+!|~$]/g, "\\$&")
      .replace(/^(\s*\d*)([-.=])/, "$1\\$2") // a list, a rule, a heading
      // GitHub looks for mentions, references and addresses in what is shown: a character without
      // width parts them
      .replace(/@(?=\w)/g, "@&#8203;")
      .replace(/\\#(?=\d)/g, "\\#&#8203;")
      .replace(/\bGH-(?=\d)/gi, "$&&#8203;")
      .replace(/:\/\//g, ":&#8203;//")
      .replace(/www\.(?=\w)/gi, "$&&#8203;")
  );
}

/** Every character that could be markup, as an entity. */
function entities(text: string): string {
  return text.replace(
    /[^\p{L}\p{N} ]/gu,
    (character) => `&#${character.codePointAt(0)};${character === "@" ? "<!-- -->" : ""}`, // parts an address of mail
  );
}
