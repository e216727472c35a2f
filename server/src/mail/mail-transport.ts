import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { cleanedAnswer, MailFailure, mailFailureOf, noAnswerInTime } from './mail-failure.js'

/** The way in which mails leave this server. */
export interface MailTransport {
  /**
   * Delivers one mail. Delivering it twice does no harm.
   *
   * @param signal closes the connection at once, at any stage of the delivery.
   * @returns the cleaned answer of the server; null without a server.
   * @throws MailFailure.
   */
  deliver(id: string, mail: SendMailOptions, signal: AbortSignal): Promise<string | null>
}

const withoutEscapes = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

// These options would change how mails are sent, or print mails with their links.
const unsupportedOptions = ['pool', 'logger', 'debug', 'transactionLog']

/**
 * Sends mails to an SMTP server (RFC 5321), each on its own connection. So a deadline can close a
 * connection without affecting another mail.
 *
 * @param requireTls whether delivery fails if the server offers no STARTTLS (RFC 3207). Otherwise
 * an attacker on the network could remove the offer and read links that set a password.
 */
export const smtpTransport = (url: string, requireTls: boolean): MailTransport => {
  const address = new URL(url)
  // Set in the address, because its parameters override the other options.
  if (requireTls) address.searchParams.set('requireTLS', 'true')
  for (const name of unsupportedOptions) address.searchParams.delete(name)
  const hidden = [address.username, address.password].flatMap(text => [text, withoutEscapes(text)])
  return {
    deliver: async (_id, mail, signal) => {
      let sending = false
      const transport = createTransport({
        url: address.href,
        connectionTimeout: 10_000,
        greetingTimeout: 10_000,
        socketTimeout: 30_000,
        // Do not wait longer for a server that keeps its side open.
        socketCloseTimeout: 500,
        // The log is the only way to know that the connection is ready and the mail
        // itself begins.
        logger: {
          level: () => undefined,
          trace: () => undefined,
          debug: () => undefined,
          info: (entry: unknown) => {
            if ((entry as { tnx?: string }).tnx === 'send') sending = true
          },
          warn: () => undefined,
          error: () => undefined,
          fatal: () => undefined,
        },
      })
      try {
        const { response } = await transport.sendMail({ ...mail, signal })
        return cleanedAnswer(response, hidden)
      } catch (thrown) {
        if (!signal.aborted) throw mailFailureOf(thrown, sending, hidden)
        const timedOut = (signal.reason as Error).name === 'TimeoutError'
        if (!timedOut) throw new MailFailure('STOPPED', 'This server stopped.')
        const kind = sending ? 'TEMPORARY' : 'SERVER'
        throw new MailFailure(kind, noAnswerInTime)
      } finally {
        transport.close()
      }
    },
  }
}

// The encoding of a mail breaks its lines, including links. In the HTML only our own links are
// links: text of other people, such as a name, is not.
const linkHeaders = ({ html, headers }: SendMailOptions): SendMailOptions['headers'] => {
  const [, link] = /<a href="(https?:[^"\s]+)"/.exec(String(html)) ?? []
  if (link === undefined) return headers
  return { ...headers, 'X-Link': { prepared: true, value: link } }
}

/**
 * Keeps mails as .eml files if no SMTP server is configured. A header repeats the link, so that it
 * can be copied without a mail program.
 */
export const folderTransport = (dir: string): MailTransport => {
  const composer = createTransport({ streamTransport: true, buffer: true })
  return {
    deliver: async (id, mail) => {
      try {
        const { message } = await composer.sendMail({ ...mail, headers: linkHeaders(mail) })
        await mkdir(dir, { recursive: true, mode: 0o700 })
        const file = join(dir, `${id}.eml`)
        // The file is complete or absent, even if the machine stops in between.
        await writeFile(`${file}.part`, message as Buffer, { mode: 0o600 })
        await rename(`${file}.part`, file)
        return null
      } catch (thrown) {
        // An error that prevents writing one mail prevents writing all of them.
        throw mailFailureOf(thrown, false, [])
      }
    },
  }
}
