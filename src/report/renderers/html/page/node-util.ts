/**
 * Stands in for node:util in the page's bundle. The texts in the page were cleaned before they were
 * embedded (embed.ts): there is nothing left to strip.
 */
export function stripVTControlCharacters(text: string): string {
  return text;
}
