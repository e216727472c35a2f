import { z } from 'zod'

const maxAddressLength = 2_000

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

/** The rules for a URL. */
interface AddressRules {
  /** The allowed schemes, without a colon. */
  readonly schemes: readonly string[]
  /** Whether the host may be missing, as for a socket that a parameter names. */
  readonly hostless?: boolean
  /**
   * False if it names only a server. An @ after the host then belongs to a password that is not
   * encoded.
   */
  readonly anyPath: boolean
}

/** The problem of a URL, as the end of a sentence, or null. Quotes nothing of the URL. */
const problemOf = (
  text: string,
  { schemes, anyPath, hostless = false }: AddressRules,
): string | null => {
  if (text.length > maxAddressLength) return `it has more than ${maxAddressLength} characters`
  const [scheme] = text.split(':', 1)
  if (!schemes.includes(scheme?.toLowerCase() ?? '') || !text.includes('://')) {
    return `it must begin with ${schemes.map(each => `${each}://`).join(' or ')}`
  }
  if (/\s/.test(text)) return 'it has a space'
  if (!URL.canParse(text)) {
    return text.includes('@') ? `it is not a valid URL: ${encodeHint}` : 'it has no host'
  }
  const { hostname, username, password, pathname, search, hash } = new URL(text)
  if (hostname === '' && !hostless) return 'it has no host'
  // Checks the host as libraries do that know only http: 300.1.1.1 is then invalid.
  if (!hostname.includes('%') && hostname !== '' && !URL.canParse(`http://${hostname}`))
    return 'its host is invalid'
  // Socket folders of PostgreSQL are written with %2F.
  if (!(hostless ? /^[\w.%-]*$|^\[[\da-f:.]+\]$/i : /^[\w.-]+$|^\[[\da-f:.]+\]$/i).test(hostname)) {
    return 'its host has invalid characters: write letters such as ü in Punycode (xn--…)'
  }
  if (![username, password, hostname].every(isDecodable)) return encodeHint
  // A / or # in a password that is not encoded moves the rest into these parts.
  if (!anyPath && `${pathname}${search}${hash}`.includes('@')) return encodeHint
  if (!isDecodable(pathname)) return 'its path has a % that is not followed by two digits'
  return null
}

/** Adds a problem that {@link describeIssue} prints. */
const addProblem = (context: z.RefinementCtx, problem: string | null): void => {
  if (problem !== null) context.addIssue({ code: 'custom', params: { problem } })
}

/**
 * A setting that contains the URL of a server.
 *
 * @param description the expected value; problems are appended to it.
 */
export const addressSetting = (rules: AddressRules, description: string) =>
  z
    .string()
    .superRefine((text, context) => addProblem(context, problemOf(text, rules)))
    .optional()
    .describe(description)

/**
 * Whether a PostgreSQL URL asks the client to choose among servers. libpq can do that, but our
 * driver cannot.
 */
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

/** The setting for the database: a SQLite file, or the URL of a PostgreSQL server. */
export const databaseSetting = z
  .string()
  .superRefine((text, context) => {
    // Several hosts are reported in a separate line.
    if (/^sqlite:./.test(text) || choosesAmongHosts(text)) return
    const rules = { schemes: ['postgres', 'postgresql'], anyPath: false, hostless: true }
    addProblem(context, problemOf(text, rules))
  })
  .optional()
  .describe('sqlite:<path of a file> or postgres://user:password@host:5432/database')

/** The setting for the URL at which people open the SPA. */
export const publicUrlSetting = z
  .string()
  .superRefine((text, context) => {
    const problem = problemOf(text, { schemes: ['https', 'http'], anyPath: true })
    if (problem !== null) return addProblem(context, problem)
    const url = new URL(text)
    // No other part of it would be used.
    addProblem(
      context,
      url.href === `${url.origin}/` ? null : 'it has more than a scheme, a host and a port',
    )
  })
  .optional()
  .describe('an http or https address without a path, such as https://rekey.example.com')

const maxOrigins = 50

/** The problem of a text that must be an origin exactly as browsers send it; null if there is none. */
const originProblemOf = (text: string): string | null => {
  if (text === '*' || text === 'null') return `${text} would allow every page`
  const problem = problemOf(text, { schemes: ['https', 'http'], anyPath: true })
  if (problem !== null) return problem
  return new URL(text).origin === text
    ? null
    : 'write each as browsers send it, with no path, no default port, and in lower case'
}

/** The setting for the other origins whose pages may call the API. */
export const originsSetting = z
  .string()
  .default('')
  .transform(
    text =>
      new Set(
        text
          .split(',')
          .map(part => part.trim())
          .filter(part => part !== ''),
      ),
  )
  .superRefine((origins, context) => {
    if (origins.size > maxOrigins) return addProblem(context, `it has more than ${maxOrigins}`)
    for (const origin of origins) addProblem(context, originProblemOf(origin))
  })
  .describe('origins with commas between them, such as https://panel.example.com')

/** One line for an invalid setting: the expected value, and the problem if it is known. */
export const describeIssue = (
  name: string,
  description: string,
  issue: z.core.$ZodIssue,
): string => {
  const problem = issue.code === 'custom' ? issue.params?.problem : undefined
  return `${name} expects ${description}${problem === undefined ? '' : `: ${problem}`}.`
}
