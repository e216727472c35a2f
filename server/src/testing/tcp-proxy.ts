import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A network between a server and its database that can become silent or break. */
export class TcpProxy {
  private server: Server | null = null
  private port = 0
  private silent = false
  private readonly pairs = new Set<readonly [Socket, Socket]>()

  private constructor(private readonly target: URL) {}

  /** Starts a proxy in front of the database at this URL. */
  static async start(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(target))
    await proxy.listen()
    return proxy
  }

  /** The URL of the database through the proxy. */
  get url(): string {
    const url = new URL(this.target)
    url.hostname = '127.0.0.1'
    url.port = String(this.port)
    return url.href
  }

  /** The number of connections through the proxy. */
  get connections(): number {
    return this.pairs.size
  }

  /** Drops all data from now on, in both directions, without closing a connection. */
  goSilent(): void {
    this.silent = true
  }

  /** Forwards data again. Data that was sent during the silence is lost. */
  speak(): void {
    this.silent = false
  }

  /** Resets all connections, and refuses new ones until {@link listen}. */
  async breakDown(): Promise<void> {
    const { server } = this
    this.server = null
    this.resetAll()
    if (server === null) return
    server.close()
    await once(server, 'close')
  }

  /** Resets all connections. New ones are accepted. */
  resetAll(): void {
    for (const [near, far] of this.pairs) {
      near.resetAndDestroy()
      far.destroy()
    }
  }

  /** Accepts connections, on the same port as before. */
  async listen(): Promise<void> {
    const server = createServer(near => this.accept(near)).listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    this.port = (server.address() as AddressInfo).port
    this.server = server
  }

  private accept(near: Socket): void {
    const far = connect(Number(this.target.port), this.target.hostname)
    const pair = [near, far] as const
    this.pairs.add(pair)
    const relay = (from: Socket, to: Socket) => {
      from.on('data', chunk => {
        if (!this.silent) to.write(chunk)
      })
      from.on('end', () => {
        if (!this.silent) to.end()
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        if (!this.silent) to.destroy()
        if (near.destroyed && far.destroyed) this.pairs.delete(pair)
      })
    }
    relay(near, far)
    relay(far, near)
  }
}
