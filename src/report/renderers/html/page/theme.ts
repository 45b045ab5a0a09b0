/** Light, dark, or as the system has it; remembered where the browser allows it. */

export type Theme = "light" | "dark";
type Choice = Theme | "auto";

const KEY = "hardhat-parallel-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();
let choice: Choice = stored();
let forced: Theme | null = null;

function stored(): Choice {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "auto";
  } catch {
    return "auto"; // files on disk may not have a storage: the system's theme is used
  }
}

export function currentTheme(): Theme {
  return forced ?? (choice === "auto" ? (dark.matches ? "dark" : "light") : choice);
}

/** Called after each change. */
export function onThemeChange(listener: () => void): void {
  listeners.add(listener);
}

function apply(): void {
  document.documentElement.dataset.theme = currentTheme();
  for (const listener of listeners) {
    listener();
  }
}

/** Paper is light; null gives the choice back. */
export function forceTheme(theme: Theme | null): void {
  forced = theme;
  apply();
}

export function toggleTheme(): void {
  choice = currentTheme() === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // nothing is lost but the memory of it
  }
  apply();
}

export function startTheme(): void {
  dark.addEventListener("change", apply);
  apply();
}

/** A colour of the style sheet, as charts need it. */
export function color(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${variable}`).trim();
}
