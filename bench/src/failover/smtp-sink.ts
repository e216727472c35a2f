import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'

/** An SMTP server that accepts everything and counts Message-IDs. */
export class SmtpSink {
  /** How often each mail arrived. */
  readonly counts = new Map<string, number>()
  private server: Server | null = null

  /** Starts it. @returns its URL. */
  async start(): Promise<string> {
    const server = createServer(socket => {
      let isData = false
      let text = ''
      socket.write('220 sink\r\n')
      socket.on('error', () => undefined)
      socket.on('data', chunk => {
        text += chunk
        if (isData) {
          if (!text.includes('\r\n.\r\n')) return
          this.note(text)
          isData = false
          text = ''
          socket.write('250 taken\r\n')
          return
        }
        const lines = text.split('\r\n')
        text = lines.pop() ?? ''
        for (const line of lines) {
          if (/^data$/i.test(line)) isData = true
          socket.write(
            isData ? '354 go on\r\n' : /^quit/i.test(line) ? '221 bye\r\n' : '250 ok\r\n',
          )
        }
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.server = server
    return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** The number of mails that arrived more than once. */
  get doubled(): number {
    return [...this.counts.values()].filter(count => count > 1).length
  }

  stop(): void {
    this.server?.close()
  }

  private note(text: string): void {
    const [, id = ''] = /^message-id:\s*(\S+)/im.exec(text) ?? []
    this.counts.set(id, (this.counts.get(id) ?? 0) + 1)
  }
}
