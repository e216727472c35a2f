import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

interface MailboxOptions {
  /** Offers STARTTLS, with a certificate that nobody vouches for. */
  readonly startTls?: boolean
}

/** A real SMTP server that keeps what it is given, and can be told to refuse. */
export class Mailbox {
  readonly mails: ParsedMail[] = []
  /** How many mails are refused before one is taken. */
  refusals = 0
  /** Whether each mail came through TLS, oldest first. */
  readonly encrypted: boolean[] = []
  private readonly server: SMTPServer

  private constructor({ startTls = false }: MailboxOptions) {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: startTls ? [] : ['STARTTLS'],
      logger: false,
      onData: (stream, session, done) => {
        if (this.refusals > 0) {
          this.refusals -= 1
          stream.resume()
          stream.on('end', () =>
            done(Object.assign(new Error('Try later.'), { responseCode: 451 })),
          )
          return
        }
        simpleParser(stream).then(mail => {
          this.mails.push(mail)
          this.encrypted.push(session.secure)
          done()
        }, done)
      },
    })
    // A client that is killed in the middle of a conversation.
    this.server.on('error', () => undefined)
  }

  /** Starts it on a free port. Without options it offers no STARTTLS. */
  static async start(options: MailboxOptions = {}): Promise<{ mailbox: Mailbox; url: string }> {
    const mailbox = new Mailbox(options)
    const listening = mailbox.server.listen(0, '127.0.0.1')
    await once(listening, 'listening')
    const { port } = listening.address() as AddressInfo
    return { mailbox, url: `smtp://127.0.0.1:${port}` }
  }

  /** Waits until so many mails are there. */
  async until(count: number): Promise<void> {
    while (this.mails.length < count) await new Promise(done => setTimeout(done, 10))
  }

  stop(): Promise<void> {
    return new Promise(done => this.server.close(() => done()))
  }
}
