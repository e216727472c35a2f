import type { FailureReport } from '../background/background-job.js'
import type { Language } from '../messages/language.js'
import type { SmsGateway } from './sms-gateway.js'

/** Sends codes as SMS messages, if a gateway is configured. */
export class SmsSender {
  private report: FailureReport = () => undefined

  constructor(
    private readonly gateway: SmsGateway | null,
    private readonly publicUrl: URL,
  ) {}

  /** True if a gateway is configured. */
  get isAvailable(): boolean {
    return this.gateway !== null
  }

  /** Sets the function that failures are reported to. */
  start(report: FailureReport): void {
    this.report = report
  }

  /**
   * Sends a code. The last line of the message binds the code to this site, so that browsers
   * fill it in only here (Origin-bound one-time codes delivered via SMS).
   *
   * @returns false if it could not be sent.
   */
  async sendCode(phone: string, code: string, { t }: Language): Promise<boolean> {
    const text = `${t('second-factor.sms', { code })}\n\n@${this.publicUrl.hostname} #${code}`
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
