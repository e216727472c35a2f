/**
 * What a failure says about the mail:
 *
 * - `REJECTED`: the server refused this very mail for good.
 * - `TEMPORARY`: this mail may get through later.
 * - `SERVER`: no mail gets through, whatever is in it.
 * - `STOPPED`: this instance stopped before it knew.
 */
export type MailFailureKind = 'REJECTED' | 'TEMPORARY' | 'SERVER' | 'STOPPED'

/** A delivery that failed. Its message is cleaned, and fit to be stored, shown and logged. */
export class MailFailure extends Error {
  constructor(
    readonly kind: MailFailureKind,
    message: string,
    /** The reply code of SMTP; null if the server sent none. */
    readonly smtpCode: number | null = null,
  ) {
    super(message)
    this.name = 'MailFailure'
  }
}

const longestRead = 2_000
const longestReason = 300

/**
 * A text of a mail server, fit to be stored and shown: one line of at most 300 characters. Spam
 * filters quote the links that they dislike, so links and whatever is long enough for a token are
 * left out, and so are the given texts.
 */
export const cleanedAnswer = (text: string, hidden: readonly string[] = []): string => {
  let cleaned = text.slice(0, longestRead)
  for (const each of hidden) if (each !== '') cleaned = cleaned.replaceAll(each, '…')
  return cleaned
    .replace(/https?:\S+/gi, '…')
    .replace(/[\w+/=-]{24,}/g, '…')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, longestReason)
}

interface SmtpError extends Error {
  /** Nodemailer's code, such as EAUTH. */
  readonly code?: string
  readonly command?: string
  /** The server's reply. */
  readonly response?: string
  readonly responseCode?: number
}

const kindOf = ({ code, command, responseCode }: SmtpError, sending: boolean): MailFailureKind => {
  // Before the envelope, and for its sender, all mails are alike.
  if (!sending) return 'SERVER'
  if (responseCode === undefined) return code === 'EENVELOPE' ? 'REJECTED' : 'TEMPORARY'
  if (command === 'MAIL FROM') return 'SERVER'
  return responseCode >= 500 ? 'REJECTED' : 'TEMPORARY'
}

/**
 * Classifies what nodemailer threw.
 *
 * @param sending whether the server had accepted the connection and the credentials.
 * @param hidden texts that the reason must not contain.
 */
export const mailFailureOf = (
  thrown: unknown,
  sending: boolean,
  hidden: readonly string[],
): MailFailure => {
  const error: SmtpError = thrown instanceof Error ? thrown : new Error(String(thrown))
  const reason = cleanedAnswer(error.response ?? error.message, hidden)
  return new MailFailure(kindOf(error, sending), reason, error.responseCode ?? null)
}
