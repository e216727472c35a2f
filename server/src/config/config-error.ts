/** Thrown when settings don't fit; each problem is one line for the operator. */
export class ConfigError extends Error {
  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(problems.join('\n'), options)
    this.name = 'ConfigError'
  }
}

/**
 * Does what depends on a setting at the start; where the system or another server says no,
 * the failure names the setting, which is what the operator can mend.
 *
 * @throws ConfigError in place of failures that have a code, such as ECONNREFUSED.
 */
export const dependingOn = async <Result>(
  setting: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await work()
  } catch (failure) {
    const { code, message } = failure as Partial<NodeJS.ErrnoException>
    if (code === undefined) throw failure
    // An AggregateError, as of a host with two addresses, has no message of its own.
    const problem = message || code
    throw new ConfigError([`${setting}: ${problem}`], { cause: failure })
  }
}
