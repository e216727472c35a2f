import { expect, type Page } from '@playwright/test'
import { totpCode } from '@rekey/server/testing'

/** An authenticator app. It returns each code only once. */
export class AuthenticatorApp {
  private last = 0

  constructor(private readonly secret: string) {}

  /** A code that was not used yet. Waits for the next one if necessary. */
  async code(page: Page): Promise<string> {
    // The server accepts the previous, the current and the next step (RFC 6238, 5.2).
    const now = Date.now() / 30_000
    const present = Math.floor(now)
    // The previous step is rejected as soon as the next one begins, so use it only early in a
    // step.
    const isEarly = now - present < 0.5
    const step = Math.max(this.last + 1, isEarly ? present - 1 : present)
    if (step > present + 1) {
      await page.waitForTimeout((step - 1) * 30_000 - Date.now() + 500)
    }
    this.last = step
    return totpCode(this.secret, step - Math.floor(Date.now() / 30_000))
  }
}

/** The tab with the user's own second factors. */
export class SecurityTab {
  constructor(private readonly page: Page) {}

  readonly factors = () =>
    this.page.getByRole('list', { name: 'Second factors' }).getByRole('listitem')
  readonly devices = () =>
    this.page.getByRole('list', { name: 'Trusted devices' }).getByRole('listitem')
  readonly add = (kind: string) => this.page.getByRole('button', { name: `Add ${kind}` })
  readonly dialog = (name: string) => this.page.getByRole('dialog', { name })

  /** Opens the tab by its URL. */
  async open(url: string): Promise<void> {
    await this.page.goto(`${url}/account/me/security`)
    await expect(this.page.getByRole('heading', { name: 'Second factor' })).toBeVisible()
  }

  /** Reads the key from the dialog that adds an app, as a user does who cannot scan the QR code. */
  async readKey(): Promise<AuthenticatorApp> {
    const key = this.dialog('Add an authenticator app').getByLabel('Key', { exact: true })
    return new AuthenticatorApp(((await key.textContent()) ?? '').replaceAll(' ', ''))
  }

  /** Reads the recovery codes, confirms that they are saved, and closes the dialog. */
  async keepRecoveryCodes(): Promise<string[]> {
    const dialog = this.dialog('Your recovery codes')
    await expect(dialog.getByRole('listitem')).toHaveCount(10)
    const codes = await dialog.getByRole('listitem').allTextContents()
    await expect(dialog.getByRole('button', { name: 'Done' })).toBeDisabled()
    await dialog.getByLabel('I have saved the codes').check()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await expect(dialog).toBeHidden()
    return codes
  }

  /** Adds an authenticator app. Returns it with the recovery codes. */
  async addApp(): Promise<{ app: AuthenticatorApp; codes: string[] }> {
    await this.add('an authenticator app').click()
    const app = await this.readKey()
    const dialog = this.dialog('Add an authenticator app')
    await dialog.getByLabel('Code that the app shows').fill(await app.code(this.page))
    await dialog.getByRole('button', { name: 'Add' }).click()
    return { app, codes: await this.keepRecoveryCodes() }
  }
}

/** The second step of a sign-in. */
export class SecondStep {
  constructor(private readonly page: Page) {}

  readonly heading = () => this.page.getByRole('heading', { name: 'One more step' })
  readonly appCode = () => this.page.getByLabel('Code from your authenticator app')
  readonly smsCode = () => this.page.getByLabel('Code from the message')
  readonly recoveryCode = () => this.page.getByLabel('Recovery code', { exact: true })
  readonly other = (words: string) => this.page.getByRole('button', { name: words })
  readonly trust = () => this.page.getByLabel('Trust this device')

  /** Sends the answer. */
  async submit(): Promise<void> {
    await this.page.getByRole('button', { name: /^(Sign in|Continue)$/ }).click()
  }
}

/** The dialog in which users confirm their identity. */
export class ConfirmIdentity {
  constructor(private readonly page: Page) {}

  readonly root = () => this.page.getByRole('dialog', { name: 'Confirm your identity' })
  readonly password = () => this.root().getByLabel('Your password', { exact: true })
  readonly code = () => this.root().getByLabel('Code from your authenticator app')
  readonly submit = () => this.root().getByRole('button', { name: 'Confirm' })
  readonly cancel = () => this.root().getByRole('button', { name: 'Cancel' })
}

/** The dialog over a page whose session has ended. */
export class SignInAgain {
  constructor(private readonly page: Page) {}

  readonly root = () => this.page.getByRole('dialog', { name: 'Sign in to continue' })
  readonly login = () => this.root().getByLabel('Login')
  readonly password = () => this.root().getByLabel('Password', { exact: true })
  readonly submit = () => this.root().getByRole('button', { name: 'Sign in', exact: true })
}
