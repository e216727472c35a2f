import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

/** A real SMTP server that keeps what it is given, and can be told to refuse. */
export class Mailbox {
  readonly mails: ParsedMail[] = []
  /** How many mails are refused before one is taken. */
  refusals = 0
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, _session, done) => {
      if (this.refusals > 0) {
        this.refusals -= 1
        stream.resume()
        stream.on('end', () => done(Object.assign(new Error('Try later.'), { responseCode: 451 })))
        return
      }
      simpleParser(stream).then(mail => {
        this.mails.push(mail)
        done()
      }, done)
    },
  })

  private constructor() {
    // A client that is killed in the middle of a conversation.
    this.server.on('error', () => undefined)
  }

  /** Starts it on a free port. */
  static async start(): Promise<{ mailbox: Mailbox; url: string }> {
    const mailbox = new Mailbox()
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
