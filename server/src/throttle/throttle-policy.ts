import type { Config } from '../config/config.js'
import { subscriberOf } from '../http/ip-address.js'
import { passwordResetSeconds } from '../one-time-links/one-time-link.service.js'
import type { KnownOrigin } from './known-origin.service.js'

/**
 * The events that clear a count: a right answer that was counted on it; a confirmation of identity
 * with the password in a session; or a new password, which makes earlier guesses worthless.
 */
export type Clearing = 'RIGHT_ANSWER' | 'PROOF' | 'NEW_PASSWORD'

/** A rule for one kind of count: how many attempts are free, and how long the waits are. */
export interface ThrottleRule {
  /** Part of the key in the database. */
  readonly name: string
  /** Attempts in 24 hours that cause no wait. */
  readonly free: number
  /** The maximum wait. The first wait takes 5 seconds, each further one twice as long. */
  readonly maxWaitSeconds: number
  /** The events that clear the count. A right answer always takes back its own attempt. */
  readonly clearedBy: readonly Clearing[]
}

const quarterOfAnHour = 15 * 60
const hour = 60 * 60

const rule = (
  name: string,
  free: number,
  maxWaitSeconds: number,
  clearedBy: readonly Clearing[],
): ThrottleRule => ({ name, free, maxWaitSeconds, clearedBy })

/**
 * The whole policy. A browser or network that a user has signed in from, a user's session and a
 * user's tokens each have a count of their own. The counts that strangers can raise never apply to
 * them. `THROTTLE_PER_LOGIN` and `THROTTLE_PER_ADDRESS` set the number of free attempts.
 */
export const throttlePolicy = ({
  perLogin,
  perAddress,
}: Pick<Config['throttle'], 'perLogin' | 'perAddress'>) =>
  ({
    // Password at sign-in.

    /** A user in one browser that they have signed in from. */
    browser: rule('browser', perLogin, quarterOfAnHour, ['RIGHT_ANSWER']),
    /**
     * A user in one network that they have signed in from. In an office, an attacker may be in the
     * same network.
     */
    network: rule('network', perLogin, quarterOfAnHour, ['RIGHT_ANSWER', 'NEW_PASSWORD']),
    /** A login at an address from which its user has never signed in. */
    loginAtAddress: rule('login-address', perLogin, quarterOfAnHour, [
      'RIGHT_ANSWER',
      'NEW_PASSWORD',
    ]),
    /**
     * A login at all such addresses. The waits are short, because they affect its owner in a new
     * browser too.
     */
    login: rule('login', perLogin * 10, 60, ['PROOF', 'NEW_PASSWORD']),
    /** All logins and passkeys at an address from which their users have never signed in. */
    address: rule('address', perAddress, quarterOfAnHour, []),

    // Signed in.

    /** One session: the current password, for a change or to confirm the identity. */
    session: rule('session', perLogin, quarterOfAnHour, ['RIGHT_ANSWER']),
    /** All API tokens of a user together: the current password for a change. */
    tokens: rule('tokens', perLogin, quarterOfAnHour, ['RIGHT_ANSWER']),

    // Second step. A right answer clears nothing: an attacker who knows the password guesses the
    // same code.

    /** A user in one browser that they have signed in from. */
    secondStepInBrowser: rule('second-step-browser', perLogin, quarterOfAnHour, []),
    /** A user in one network that they have signed in from. */
    secondStepInNetwork: rule('second-step-network', perLogin, quarterOfAnHour, ['NEW_PASSWORD']),
    /** A user at all other addresses. */
    secondStep: rule('second-step', perLogin, quarterOfAnHour, ['NEW_PASSWORD']),

    // Codes by SMS. Each message costs money, so each one counts.

    /** To a user who signs in with a known browser. */
    smsInBrowser: rule('sms-browser', 3, hour, []),
    /** To a user who signs in from a known network. */
    smsInNetwork: rule('sms-network', 3, hour, ['NEW_PASSWORD']),
    /** To a user who signs in from anywhere else. */
    sms: rule('sms', 3, hour, ['NEW_PASSWORD']),
    /** To a phone number that a signed-in user wants to add. */
    smsEnrolment: rule('sms-enrolment', 3, hour, []),

    // Mails.

    /** Reset links to one mailbox. No wait is longer than the lifetime of a link. */
    resetLogin: rule('reset-login', 3, passwordResetSeconds, ['NEW_PASSWORD']),
    /**
     * Reset links requested from one address. The waits are short, because they affect everyone who
     * shares the address.
     */
    resetAddress: rule('reset-address', perAddress, 60, []),
    /** Passwords that the holder of a reset link has compared with earlier ones. */
    resetLink: rule('reset-link', perLogin, quarterOfAnHour, []),
    /** Reset links that administrators send to one mailbox. They do not delay its owner's own requests. */
    sentResetLink: rule('sent-reset-link', 5, hour, ['NEW_PASSWORD']),
    /** Repeated invitations to one mailbox. */
    invitation: rule('invitation', 10, hour, []),
    /**
     * Notices to one user that someone entered their password and had to complete a second step.
     */
    challengeNotice: rule('challenge-notice', 3, hour, ['NEW_PASSWORD']),
    /** Test mails of one user to themselves. Each occupies a connection to the mail server. */
    testMail: rule('test-mail', 5, quarterOfAnHour, []),
    /** Notices to one mailbox that its login was changed to another one. */
    formerLogin: rule('former-login', 3, hour, []),
  }) as const

/** The names of all rules. */
export type RuleName = keyof ReturnType<typeof throttlePolicy>

/** The user or login of an attempt, and what it tries to prove. */
export type AttemptSubject =
  /** A password at sign-in. The login is folded and may not exist. */
  | { readonly login: string; readonly known: KnownOrigin }
  /** The current password of a signed-in user; `sessionId` is null for API tokens. */
  | { readonly callerId: string; readonly sessionId: string | null }
  /** A second step, after the right password. */
  | { readonly secondStepOf: string; readonly known: KnownOrigin }
  /** A code by SMS for a second step. */
  | { readonly smsTo: string; readonly known: KnownOrigin }
  /** A code by SMS to a phone number that a signed-in user wants to add. */
  | { readonly smsEnrolmentOf: string }
  /** A passkey as the only proof. Null if it belongs to no user. */
  | { readonly passkeyOf: string | null; readonly known: KnownOrigin }

/** The counts of an attempt: each rule with its key. */
export type CountedRules = readonly (readonly [RuleName, string])[]

/** The counts that an attempt concerns. */
export const rulesOf = (ip: string, subject: AttemptSubject): CountedRules => {
  // An IPv6 subscriber has a whole network, so all its addresses count as one.
  const address = ['address', subscriberOf(ip)] as const
  if ('callerId' in subject) {
    const { callerId, sessionId } = subject
    return sessionId === null ? [['tokens', callerId]] : [['session', `${callerId} ${sessionId}`]]
  }
  if ('smsEnrolmentOf' in subject) return [['smsEnrolment', subject.smsEnrolmentOf]]
  const { browser, network } = subject.known
  if ('login' in subject) {
    if (browser !== null) return [['browser', browser]]
    if (network !== null) return [['network', network]]
    // A longer text is no login and is not worth storing in full.
    const login = subject.login.slice(0, 254)
    return [address, ['loginAtAddress', `${login} ${subscriberOf(ip)}`], ['login', login]]
  }
  if ('smsTo' in subject) {
    if (browser !== null) return [['smsInBrowser', browser]]
    return [network === null ? ['sms', subject.smsTo] : ['smsInNetwork', network]]
  }
  if (browser !== null) return [['secondStepInBrowser', browser]]
  if (network !== null) return [['secondStepInNetwork', network]]
  return 'passkeyOf' in subject ? [address] : [address, ['secondStep', subject.secondStepOf]]
}
