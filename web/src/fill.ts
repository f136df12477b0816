// Sentences with {holes}: what is filled in, and the form that a noun takes beside a number.
const RULES = new Map<string, Intl.PluralRules>();

/** Forms in the order in which a sentence gives them: of 1 (and 21), 2 (and 22), 5 (and 0, 11); the last is also for what is left. */
const FORMS: readonly string[] = ["one", "few", "many"];

function rulesOf(language: string): Intl.PluralRules {
  const found = RULES.get(language) ?? new Intl.PluralRules(language);
  RULES.set(language, found);
  return found;
}

/** Which form goes with a number as it is written: "1,814" and "1 814" are counts, "1.5" and "1,5" are none. */
function formOf(written: string, forms: readonly string[], language: string): string {
  const isCount = !written.includes(language === "en" ? "." : ",");
  const at = isCount ? FORMS.indexOf(rulesOf(language).select(Number(written.replaceAll(/\D/g, "")))) : -1;
  return (forms[at] ?? forms.at(-1) ?? "").replace("#", written);
}

/** No line ends between a number and its unit. */
const glued = (text: string): string => text.replace(/(\d) (?=(?:[kк]?[mм]²?|%)(?![\p{L}\d]))/gu, "$1\u00a0");

/** `{n}` is a hole, `{n|report|reports}` the word beside it, where # is the number; a hole that nothing fills stays as it is. */
export const fill = (text: string, holes: Readonly<Record<string, string>>, language: string): string =>
  glued(
    text.replace(/\{(\w+)((?:\|[^{}|]*)+)?\}/g, (hole, name: string, forms?: string) => {
      const told = holes[name];
      if (told === undefined) return hole;
      return forms === undefined ? told : formOf(told, forms.slice(1).split("|"), language);
    }),
  );
