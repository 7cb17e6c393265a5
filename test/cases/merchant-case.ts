import type { OrderSeed } from '../../src/sandbox/seed.ts';

/** What is written of one sentence, and held to it: an order, a file, settings, and what stands in the shop after. */
export interface MerchantCase {
  /** The sentence. */
  readonly says: string;
  /** Each has a number that no other case has. */
  readonly orders: readonly (OrderSeed & { readonly incrementId: string })[];
  /** YAML below `shipments` of the inbox; absent: as it is by default. */
  readonly settings?: string;
  /** YAML of the profile that reads the files; absent: `auto`. */
  readonly profile?: string;
  /** What gets lost on the way when the shop is first asked to ship the order; absent: nothing. */
  readonly loses?: 'request' | 'answer';
  /** One after the other. */
  readonly files: readonly CaseFile[];
  /** What stands in the shop then, as `orderInWords` tells it. */
  readonly after: readonly string[];
  /** Writes of these kinds that the shop was sent for all of the files, where the number is part of the sentence. */
  readonly requests?: { readonly ship?: number; readonly track?: number; readonly emails?: number };
}

/** A file, and what its report says of each row: `LINE OUTCOME: MESSAGE`, with `, mailed` where the customer was. */
export interface CaseFile {
  /** Header and rows; `S1` is the number of the first shipment of the case's first order. */
  readonly rows: readonly string[];
  readonly report: readonly string[];
}

/** Cases that belong together. */
export interface Chapter {
  readonly title: string;
  readonly cases: readonly MerchantCase[];
}
