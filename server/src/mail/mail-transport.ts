import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport, type SendMailOptions } from 'nodemailer'

/** Where mails leave the house. */
export interface MailTransport {
  /** Delivers one mail, or throws. Delivering it twice does no harm. */
  deliver(id: string, mail: SendMailOptions): Promise<void>
  close(): Promise<void>
}

/**
 * Hands mails over to an SMTP server (RFC 5321).
 *
 * @param requireTls whether delivery fails if the server offers no STARTTLS (RFC 3207). Otherwise
 * someone in between could hide the offer, and read links that set a password.
 */
export const smtpTransport = (url: string, requireTls: boolean): MailTransport => {
  const address = new URL(url)
  // In the address, whose parameters override the options beside it.
  if (requireTls) address.searchParams.set('requireTLS', 'true')
  const transport = createTransport({
    url: address.href,
    pool: true,
    maxConnections: 2,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  })
  return {
    deliver: async (_id, mail) => {
      await transport.sendMail(mail)
    },
    close: async () => transport.close(),
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
      const { message } = await composer.sendMail({ ...mail, headers: linkHeaders(mail) })
      await mkdir(dir, { recursive: true, mode: 0o700 })
      const file = join(dir, `${id}.eml`)
      // Whole or not at all, also when the machine stops in between.
      await writeFile(`${file}.part`, message as Buffer, { mode: 0o600 })
      await rename(`${file}.part`, file)
    },
    close: async () => undefined,
  }
}
