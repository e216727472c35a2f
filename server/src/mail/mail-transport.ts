import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { cleanedAnswer, MailFailure, mailFailureOf } from './mail-failure.js'

/** Where mails leave this server. */
export interface MailTransport {
  /**
   * Delivers one mail. To deliver it twice does no harm.
   *
   * @param signal closes the connection at once, wherever the delivery is.
   * @returns what the server answered, cleaned; null without a server.
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

// These would change how mails are sent, or print mails with their links.
const unsupportedOptions = ['pool', 'logger', 'debug', 'transactionLog']

/**
 * Hands mails over to an SMTP server (RFC 5321), each on a connection of its own. So a deadline can
 * close one connection without another mail on it.
 *
 * @param requireTls whether delivery fails if the server offers no STARTTLS (RFC 3207). Otherwise
 * someone in between could hide the offer, and read links that set a password.
 */
export const smtpTransport = (url: string, requireTls: boolean): MailTransport => {
  const address = new URL(url)
  // In the address, whose parameters override the options beside it.
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
        // A server that keeps its side open gets no more time.
        socketCloseTimeout: 500,
        // The only notice that connecting is done and this mail's own part begins.
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
        throw new MailFailure(kind, 'The mail server took too long to answer.')
      } finally {
        transport.close()
      }
    },
  }
}

// A mail's encoding breaks its lines, and the links in them. Only ours are links in HTML:
// what others wrote, such as a name, is text there.
const linkHeaders = ({ html, headers }: SendMailOptions): SendMailOptions['headers'] => {
  const [, link] = /<a href="(https?:[^"\s]+)"/.exec(String(html)) ?? []
  if (link === undefined) return headers
  return { ...headers, 'X-Link': { prepared: true, value: link } }
}

/**
 * Keeps mails as .eml files, where no SMTP server is configured. Their link stands in a
 * header as well, whence it can be copied without a mail program.
 */
export const folderTransport = (dir: string): MailTransport => {
  const composer = createTransport({ streamTransport: true, buffer: true })
  return {
    deliver: async (id, mail) => {
      try {
        const { message } = await composer.sendMail({ ...mail, headers: linkHeaders(mail) })
        await mkdir(dir, { recursive: true, mode: 0o700 })
        const file = join(dir, `${id}.eml`)
        // Whole or not at all, also when the machine stops in between.
        await writeFile(`${file}.part`, message as Buffer, { mode: 0o600 })
        await rename(`${file}.part`, file)
        return null
      } catch (thrown) {
        // What keeps one mail out of the folder keeps all of them out.
        throw mailFailureOf(thrown, false, [])
      }
    },
  }
}
