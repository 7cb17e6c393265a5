/** A sign-in that was refused. */
export interface SignInRefusal {
  /** False where something may have hidden what the shop said, so that it is not known. */
  readonly isCertain: boolean;
  /** In words for a person; holds no secret. */
  readonly message: string;
  /** When it was answered, ms of the wall clock. */
  readonly atMs: number;
  /** So long the same credentials are not tried again, ms. */
  readonly restMs: number;
}

/**
 * What processes tell each other of the sign-ins to one store: six wrong tries lock a user of Magento, and a program
 * that is started each minute would make one try each. `credentials` is everything that a sign-in depends on, secrets
 * included: any change makes others of them.
 */
export interface SignInMemory {
  /** The last refusal in the store; undefined where these credentials were not refused, or some worked since. */
  lastRefusal(credentials: string): Promise<SignInRefusal | undefined>;
  /** False where it cannot be kept, and nobody else will know. */
  keep(credentials: string, refusal: SignInRefusal): Promise<boolean>;
  /** The store let somebody in: forgets what was refused. */
  worked(): Promise<void>;
}
