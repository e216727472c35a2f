import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that a receiver got. */
export interface ReceivedWebhook {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** A real receiver of webhooks on loopback, which answers 204 unless told otherwise. */
export class WebhookReceiver {
  /** What has come, oldest first. */
  readonly received: ReceivedWebhook[] = []
  private readonly answers: Answer[] = []
  private usual: Answer = response => response.writeHead(204).end()

  private readonly server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    this.received.push({
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks).toString(),
    })
    const answer = this.answers.shift() ?? this.usual
    answer(response, request)
  })

  private constructor() {
    // A sender that breaks off in the middle.
    this.server.on('clientError', (_failure, socket) => socket.destroy())
  }

  /** Starts it on a free port. */
  static async start(host = '127.0.0.1'): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver()
    receiver.server.listen(0, host)
    await once(receiver.server, 'listening')
    return receiver
  }

  /** The port it listens on. */
  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Its address, over http. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/hooks`
  }

  /** Answers the next request like this, and those after it as before. */
  answerNext(...answers: Answer[]): void {
    this.answers.push(...answers)
  }

  /** Answers every request like this from now on. */
  answer(answer: Answer): void {
    this.usual = answer
  }

  /** Waits until so many requests have come. */
  async until(count: number): Promise<void> {
    while (this.received.length < count) await new Promise(done => setTimeout(done, 10))
  }

  /** Stops it, and breaks off what is under way. */
  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(done => this.server.close(done))
  }
}
