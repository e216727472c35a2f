import { z } from 'zod'

const longestAddress = 2_000

const encodeHint =
  'write special characters of a user or password percent-encoded, such as %2F for /, %40 for @ and %25 for %'

const isDecodable = (text: string): boolean => {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** What an address may have. */
interface AddressRules {
  /** Its schemes, without a colon. */
  readonly schemes: readonly string[]
  /** Whether the host may be left out, as for a socket that a parameter names. */
  readonly hostless?: boolean
  /** False when it names a server alone, so that an @ after the host was meant for a password. */
  readonly anyPath: boolean
}

/** What is wrong with an address, as the end of a sentence, or null. Quotes nothing of it. */
const problemOf = (
  text: string,
  { schemes, anyPath, hostless = false }: AddressRules,
): string | null => {
  if (text.length > longestAddress) return `it has more than ${longestAddress} characters`
  const [scheme] = text.split(':', 1)
  if (!schemes.includes(scheme?.toLowerCase() ?? '') || !text.includes('://')) {
    return `it has to begin with ${schemes.map(each => `${each}://`).join(' or ')}`
  }
  if (/\s/.test(text)) return 'it has a space'
  if (!URL.canParse(text)) {
    return text.includes('@') ? `it can’t be read: ${encodeHint}` : 'it names no host'
  }
  const { hostname, username, password, pathname, search, hash } = new URL(text)
  if (hostname === '' && !hostless) return 'it names no host'
  // Read as libraries do that know no other schemes: 300.1.1.1 is no host then.
  if (!hostname.includes('%') && hostname !== '' && !URL.canParse(`http://${hostname}`))
    return 'its host can’t be read'
  // PostgreSQL's socket folders are written with %2F.
  if (!(hostless ? /^[\w.%-]*$|^\[[\da-f:.]+\]$/i : /^[\w.-]+$|^\[[\da-f:.]+\]$/i).test(hostname)) {
    return 'its host has characters that no host has: write letters such as ü in Punycode (xn--…)'
  }
  if (![username, password, hostname].every(isDecodable)) return encodeHint
  // What follows a / or # in a password that is not encoded.
  if (!anyPath && `${pathname}${search}${hash}`.includes('@')) return encodeHint
  if (!isDecodable(pathname)) return 'its path has a % that is not followed by two digits'
  return null
}

/** Adds a problem that {@link describeIssue} prints. */
const addProblem = (context: z.RefinementCtx, problem: string | null): void => {
  if (problem !== null) context.addIssue({ code: 'custom', params: { problem } })
}

/**
 * A setting that is the address of a server.
 *
 * @param description what it takes; problems are added to it.
 */
export const addressSetting = (rules: AddressRules, description: string) =>
  z
    .string()
    .superRefine((text, context) => addProblem(context, problemOf(text, rules)))
    .optional()
    .describe(description)

/** Whether a PostgreSQL URL wants the client to choose among servers, as libpq does and our driver does not. */
export const choosesAmongHosts = (url: string): boolean => {
  const [, hosts = '', query = ''] =
    /^postgres(?:ql)?:\/\/(?:[^/?]*@)?([^/?]*)[^?]*(.*)/.exec(url) ?? []
  const parameters = new URLSearchParams(query)
  return (
    [hosts, parameters.get('host'), parameters.get('port')].some(text => text?.includes(',')) ||
    parameters.has('target_session_attrs') ||
    parameters.has('load_balance_hosts')
  )
}

/** The setting that names the database: a file of SQLite, or the address of PostgreSQL. */
export const databaseSetting = z
  .string()
  .superRefine((text, context) => {
    // Several hosts are a problem with a line of its own.
    if (/^sqlite:./.test(text) || choosesAmongHosts(text)) return
    const rules = { schemes: ['postgres', 'postgresql'], anyPath: false, hostless: true }
    addProblem(context, problemOf(text, rules))
  })
  .optional()
  .describe('sqlite:<path of a file> or postgres://user:password@host:5432/database')

/** The setting that names the address at which people open the SPA. */
export const publicUrlSetting = z
  .string()
  .superRefine((text, context) => {
    const problem = problemOf(text, { schemes: ['https', 'http'], anyPath: true })
    if (problem !== null) return addProblem(context, problem)
    const url = new URL(text)
    // Nothing else of it would be used.
    addProblem(
      context,
      url.href === `${url.origin}/` ? null : 'it has more than a scheme, a host and a port',
    )
  })
  .optional()
  .describe('an http or https address without a path, such as https://rekey.example.com')

/** One line for a setting that does not fit: what it takes, and what is wrong if that is known. */
export const describeIssue = (
  name: string,
  description: string,
  issue: z.core.$ZodIssue,
): string => {
  const problem = issue.code === 'custom' ? issue.params?.problem : undefined
  return `${name} takes ${description}${problem === undefined ? '' : `: ${problem}`}.`
}
