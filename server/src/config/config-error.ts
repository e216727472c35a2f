/** Thrown if settings are invalid. Each problem is one line for the operator. */
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
 * Does work at the start that depends on a setting. If the system or another server fails, the
 * error names the setting, because that is what the operator can correct.
 *
 * @throws ConfigError in place of errors with a code, such as ECONNREFUSED.
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
    // An AggregateError, such as for a host with two addresses, has no message of its own.
    const problem = message || code
    throw new ConfigError([`${setting}: ${problem}`], { cause: failure })
  }
}
