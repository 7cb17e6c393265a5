import { unwrapped } from '../protect.ts';
import { quoted } from '../wording.ts';

/**
 * What stands before a sum or a count at the end of a list: English, German, French, Italian, Spanish, Dutch. Then two
 * more words at most ("Total parcels shipped"), and perhaps the sum itself.
 */
const SUMMARY =
  /^(?:(?:grand |sub)?totals?|sums?|count|number of|summen?|(?:gesamt|zwischen|end)summe|(?:ins)?gesamt(?:zahl|anzahl)?|anzahl|somme|total g[ée]n[ée]ral|nombre(?: de)?|totale|somma|numero(?: di)?|suma|totaal|som|aantal)(?<others>(?: \p{L}+){0,2})(?:\s*[:=])?(?:\s*[\d.,']+)?$/iu;

/** What such lists count. Any other word may be a customer's name: Suma Rao, Total Express. */
const COUNTED =
  /^(?: (?:g[ée]n[ée]ral|shipped|sent|delivered|orders?|parcels?|packages?|shipments?|items?|pieces?|rows?|lines?|records?|sendungen|pakete|aufträge|bestellungen|artikel|stück|positionen|zeilen|commandes?|colis|envois|articles?|lignes?|ordini|pacchi|colli|spedizioni|articoli|righe|pedidos|paquetes|bultos|envíos|artículos|líneas|bestellingen|pakketten|zendingen|artikelen|regels))*$/iu;

/** A sum, perhaps with what it counts: `15`, `1.204`, `15 pz`; no number of an order or a carrier is so short. */
const COUNT = /^\d{1,5}(?:[.,']\d{1,3})?(?: \p{Lu}?\p{Ll}+\.?)?$/u;

/**
 * Why a record is a summary row, not one that somebody forgot to fill in: its first filled cell says so, and no order or
 * tracking number stands in it, but at most counts. Undefined for any other.
 */
export function summaryRow(cells: readonly string[], order: number, tracking: number): string | undefined {
  const at = cells.findIndex((cell) => textOf(cell) !== '');
  const first = textOf(cells[at] ?? '');
  const said = SUMMARY.exec(first);
  if (said === null) return undefined;
  const isCounting = COUNTED.test(said.groups?.others ?? '');
  const numbers = [order, tracking]
    .filter((index) => index !== at)
    .map((index) => textOf(cells[index] ?? ''));
  const areNone = numbers.every((text) => !/\d/.test(text) || (isCounting && COUNT.test(text)));
  return areNone ? `a summary row: ${quoted(first)}` : undefined;
}

function textOf(cell: string): string {
  return unwrapped(cell, 'text').replace(/\s+/gu, ' ');
}
