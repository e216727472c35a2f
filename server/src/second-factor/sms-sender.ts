import type { FailureReport } from '../background/background-job.js'
import type { SmsGateway } from './sms-gateway.js'

/** Puts codes into words and hands them to the gateway, where there is one. */
export class SmsSender {
  private report: FailureReport = () => undefined

  constructor(
    private readonly gateway: SmsGateway | null,
    private readonly publicUrl: URL,
  ) {}

  /** Whether there is a gateway. */
  get isAvailable(): boolean {
    return this.gateway !== null
  }

  /** Has failures reported from now on. */
  start(report: FailureReport): void {
    this.report = report
  }

  /**
   * Sends a code. Its last line ties it to this site, so that browsers fill it in here and
   * nowhere else (Origin-bound one-time codes delivered via SMS).
   *
   * @returns false when it could not be sent.
   */
  async sendCode(phone: string, code: string): Promise<boolean> {
    const text = `${code} is your Rekey code. It works for 10 minutes. Give it to nobody.\n\n@${this.publicUrl.hostname} #${code}`
    try {
      if (this.gateway === null) throw new Error('SMS_GATEWAY_URL is not set.')
      await this.gateway.send(phone, text)
      this.report.succeeded?.()
      return true
    } catch (failure) {
      this.report(failure, {})
      return false
    }
  }
}
