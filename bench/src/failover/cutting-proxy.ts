import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'

/**
 * A proxy in front of PostgreSQL that can cut connections after COMMIT is sent and before it is
 * answered.
 */
export class CuttingProxy {
  private cutsLeft = 0
  private server: Server | null = null

  constructor(private readonly targetPort: number) {}

  /** Starts it. @returns its port. */
  async start(): Promise<number> {
    const server = createServer(near => {
      const far = connect(this.targetPort, '127.0.0.1')
      near.on('data', chunk => {
        const cut = this.cutsLeft > 0 && chunk.includes('COMMIT')
        if (cut) this.cutsLeft -= 1
        // PostgreSQL receives the COMMIT, but its answer is lost.
        far.write(chunk, () => {
          if (cut) near.resetAndDestroy()
        })
      })
      far.on('data', chunk => near.write(chunk))
      near.on('error', () => undefined).on('close', () => far.end())
      far.on('error', () => undefined).on('close', () => near.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.server = server
    return (server.address() as AddressInfo).port
  }

  /** Cuts the next `count` connections at their COMMIT. */
  cut(count: number): void {
    this.cutsLeft = count
  }

  stop(): void {
    this.server?.close()
  }
}
