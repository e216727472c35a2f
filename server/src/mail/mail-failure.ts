/**
 * What a failure says about the mail:
 *
 * - `REJECTED`: the server rejected this mail permanently.
 * - `TEMPORARY`: this mail may be accepted later.
 * - `SERVER`: the server accepts no mail, whatever its content.
 * - `STOPPED`: this instance stopped before the result was known.
 */
export type MailFailureKind = 'REJECTED' | 'TEMPORARY' | 'SERVER' | 'STOPPED'

/** A failed delivery. Its message is cleaned, so it can be stored, shown and logged. */
export class MailFailure extends Error {
  constructor(
    readonly kind: MailFailureKind,
    message: string,
    /** The SMTP reply code; null if the server sent none. */
    readonly smtpCode: number | null = null,
  ) {
    super(message)
    this.name = 'MailFailure'
  }
}

const maxReadLength = 2_000
const maxReasonLength = 300

/**
 * A text of a mail server that can be stored and shown: one line of up to 300 characters. Spam
 * filters quote the links that they reject. So links, words long enough to be a token, and the
 * given texts are left out.
 */
export const cleanedAnswer = (text: string, hidden: readonly string[] = []): string => {
  let cleaned = text.slice(0, maxReadLength)
  for (const each of hidden) if (each !== '') cleaned = cleaned.replaceAll(each, '…')
  return cleaned
    .replace(/https?:\S+/gi, '…')
    .replace(/[\w+/=-]{24,}/g, '…')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, maxReasonLength)
}

/** The reason of a failure if the mail server did not answer in time, at whatever step. */
export const noAnswerInTime = 'The mail server took too long to answer.'

interface SmtpError extends Error {
  /** Nodemailer's error code, such as EAUTH. */
  readonly code?: string
  readonly command?: string
  /** The server's reply. */
  readonly response?: string
  readonly responseCode?: number
}

const kindOf = ({ code, command, responseCode }: SmtpError, sending: boolean): MailFailureKind => {
  // A failure before the envelope, or of its sender, affects all mails.
  if (!sending) return 'SERVER'
  if (responseCode === undefined) return code === 'EENVELOPE' ? 'REJECTED' : 'TEMPORARY'
  if (command === 'MAIL FROM') return 'SERVER'
  return responseCode >= 500 ? 'REJECTED' : 'TEMPORARY'
}

/**
 * Classifies an error of nodemailer.
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
  const reason =
    error.code === 'ETIMEDOUT'
      ? noAnswerInTime
      : cleanedAnswer(error.response ?? error.message, hidden)
  return new MailFailure(kindOf(error, sending), reason, error.responseCode ?? null)
}
