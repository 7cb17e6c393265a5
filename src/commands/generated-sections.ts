/** Lines of a page that say what the code says, by the name of their mark. */
export type Sections = Readonly<Record<string, () => readonly string[]>>;

/**
 * A page with what stands between `<!-- keys -->` and `<!-- end of keys -->`, and the like, made anew.
 * @throws Error for a page without such a mark; `path` is for its message.
 */
export function withSections(page: string, path: string, sections: Sections): string {
  return Object.entries(sections).reduce((text, [name, lines]) => {
    const [start, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${path} has no ${start.trim()} with its end`);
    return `${text.slice(0, from)}${start}\n${lines().join('\n')}\n\n${text.slice(to)}`;
  }, page);
}
