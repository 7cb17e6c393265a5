/**
 * Why a row alone ends as `gave-up`, in sentences that whoever looks into `failed/` can act on. `what` was tried and
 * failed each time; `answer` is the last word about it.
 */
export function givenUp(what: string, answer: string): string {
  const said = answer.replace(/[.\s]+$/, '');
  return `${what}, while the shop answered everything else. Last of all: ${said}. Once the shop's people have looked at this order, drop the retry file again.`;
}
