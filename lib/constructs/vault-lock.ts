/** How firmly a vault holds on to its recovery points: `VaultLock.governance()` or `VaultLock.compliance(…)`. */
export class VaultLock {
  /**
   * AWS Backup refuses to delete a recovery point before its time, and the vault's access policy denies everybody to
   * remove the lock, to change it or to change the policy. Both hold for administrators and the root user; behind them
   * stands one mechanism, the policy, instead of two.
   */
  static governance(): VaultLock {
    return new VaultLock('governance', undefined);
  }

  /**
   * CANNOT BE UNDONE. After the grace days the lock is part of the vault: nobody can shorten or remove it, not the root
   * user and not AWS, and whatever is in the vault is paid for until its time is over. Only closing the account ends it.
   * Try `governance()` first.
   */
  static compliance(options: {
    /**
     * Days after creation until the lock is permanent, at least 3.
     * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
     */
    readonly graceDays: number;
  }): VaultLock {
    return new VaultLock('compliance', options.graceDays);
  }

  private constructor(
    readonly mode: 'governance' | 'compliance',
    /** `undefined` in governance mode. */
    readonly graceDays: number | undefined,
  ) {}
}
