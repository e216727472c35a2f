import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as send,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A proxy between browser and server that loses answers after the server has executed the request. */
export class LossyProxy {
  /** The Idempotency-Key of each request with the mutation given to {@link lose}, in order. */
  readonly keys: (string | undefined)[] = []
  private target: URL | undefined
  private lost: { readonly mutation: string; left: number } | undefined

  private constructor(private readonly server: Server) {}

  /** Starts a proxy. Call {@link forwardTo} before the first request. */
  static async start(): Promise<LossyProxy> {
    const server = createServer()
    const proxy = new LossyProxy(server)
    server.on('request', (request, response) => {
      proxy.forward(request, response).catch(() => request.socket.destroy())
    })
    server.listen(0, 'localhost')
    await once(server, 'listening')
    return proxy
  }

  /** Its address, for the browser. */
  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`
  }

  /** Sets the server to forward to. */
  forwardTo(url: string): void {
    this.target = new URL(url)
  }

  /** Cuts the connection instead of sending that many answers to this mutation. */
  lose(mutation: string, times: number): void {
    this.keys.length = 0
    this.lost = { mutation, left: times }
  }

  /** Stops it and closes all connections. */
  async stop(): Promise<void> {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }

  private async forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    const { method, headers } = request
    const forwarded = send(new URL(request.url ?? '/', this.target), { method, headers })
    forwarded.end(body)
    const [answer] = (await once(forwarded, 'response')) as [IncomingMessage]
    const content = await buffer(answer)
    if (this.lost !== undefined && body.includes(`${this.lost.mutation}(`)) {
      this.keys.push(headers['idempotency-key'] as string | undefined)
      this.lost.left -= 1
      if (this.lost.left >= 0) {
        request.socket.destroy()
        return
      }
    }
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    response.end(content)
  }
}
