import type { Config } from '../config/config.js'
import { subscriberOf } from '../http/ip-address.js'
import { passwordResetSeconds } from '../one-time-links/one-time-link.service.js'
import type { KnownOrigin } from './known-origin.service.js'

/**
 * What makes the server forget a count: a right answer that was counted on it; a proof of the
 * person, signed in, with their password; or a new password, which makes old guesses worthless.
 */
export type Clearing = 'RIGHT_ANSWER' | 'PROOF' | 'NEW_PASSWORD'

/** One count: whom it concerns, and how it makes them wait. */
export interface ThrottleRule {
  /** Part of the key in the database. */
  readonly name: string
  /** Attempts in 24 hours that do not lead to a wait. */
  readonly free: number
  /** The first wait takes 5 seconds, each further one twice as long, up to this. */
  readonly longestWaitSeconds: number
  /** What makes the server forget it. A right answer always takes its own attempt back. */
  readonly clearedBy: readonly Clearing[]
}

const quarterOfAnHour = 15 * 60
const hour = 60 * 60

const rule = (
  name: string,
  free: number,
  longestWaitSeconds: number,
  clearedBy: readonly Clearing[],
): ThrottleRule => ({ name, free, longestWaitSeconds, clearedBy })

/**
 * The whole policy. What belongs to a person (a browser or network that they signed in from, their
 * session, their tokens) has a count of its own, and the counts that strangers share never apply
 * to it. `THROTTLE_PER_LOGIN` and `THROTTLE_PER_ADDRESS` give the first number of free attempts.
 */
export const throttlePolicy = ({
  perLogin,
  perAddress,
}: Pick<Config['throttle'], 'perLogin' | 'perAddress'>) =>
  ({
    // Password at sign-in.

    /** A person in one browser that they signed in from. */
    browser: rule('browser', perLogin, quarterOfAnHour, ['RIGHT_ANSWER']),
    /** A person in one network that they signed in from: in an office, the guesser sits there too. */
    network: rule('network', perLogin, quarterOfAnHour, ['RIGHT_ANSWER', 'NEW_PASSWORD']),
    /** A login at an address from which its user never signed in. */
    loginAtAddress: rule('login-address', perLogin, quarterOfAnHour, [
      'RIGHT_ANSWER',
      'NEW_PASSWORD',
    ]),
    /** A login at all such addresses. Short, because it concerns its owner in a new browser as well. */
    login: rule('login', perLogin * 10, 60, ['PROOF', 'NEW_PASSWORD']),
    /** All logins and passkeys at an address from which their users never signed in. */
    address: rule('address', perAddress, quarterOfAnHour, []),

    // Signed in.

    /** One session: the current password, in a change or as a proof. */
    session: rule('session', perLogin, quarterOfAnHour, ['RIGHT_ANSWER']),
    /** All API tokens of a person together: the current password in a change. */
    tokens: rule('tokens', perLogin, quarterOfAnHour, ['RIGHT_ANSWER']),

    // Second step. A right answer clears nothing: whoever knows the password guesses the same code.

    /** A person in one browser that they signed in from. */
    secondStepInBrowser: rule('second-step-browser', perLogin, quarterOfAnHour, []),
    /** A person in one network that they signed in from. */
    secondStepInNetwork: rule('second-step-network', perLogin, quarterOfAnHour, ['NEW_PASSWORD']),
    /** A person, at all other addresses. */
    secondStep: rule('second-step', perLogin, quarterOfAnHour, ['NEW_PASSWORD']),

    // Codes by SMS. Each message costs money, so each counts.

    /** To a person who signs in with a browser that they signed in from. */
    smsInBrowser: rule('sms-browser', 3, hour, []),
    /** To a person who signs in from a network that they signed in from. */
    smsInNetwork: rule('sms-network', 3, hour, ['NEW_PASSWORD']),
    /** To a person who signs in from anywhere else. */
    sms: rule('sms', 3, hour, ['NEW_PASSWORD']),
    /** To the number that someone signed in wants to add. */
    smsEnrolment: rule('sms-enrolment', 3, hour, []),

    // Mails.

    /** Reset links to one mailbox. No wait is longer than a link works. */
    resetLogin: rule('reset-login', 3, passwordResetSeconds, ['NEW_PASSWORD']),
    /** Reset links that one address asks for. Short, because all who share the address wait. */
    resetAddress: rule('reset-address', perAddress, 60, []),
    /** Passwords that whoever has a reset link wants compared with earlier ones. */
    resetLink: rule('reset-link', perLogin, quarterOfAnHour, []),
    /** Invitations sent again to one mailbox. */
    invitation: rule('invitation', 10, hour, []),
    /** Notices to one user that someone entered their password and was asked for a second step. */
    challengeNotice: rule('challenge-notice', 3, hour, ['NEW_PASSWORD']),
    /** Test mails of one user to themselves: each holds a connection to the mail server. */
    testMail: rule('test-mail', 5, quarterOfAnHour, []),
    /** Notices to one mailbox that a login moved away from it. */
    formerLogin: rule('former-login', 3, hour, []),
  }) as const

/** The names of all rules. */
export type RuleName = keyof ReturnType<typeof throttlePolicy>

/** Whose attempt it is, and what they try to prove. */
export type AttemptSubject =
  /** A password at sign-in. The login is folded; it may be nobody's. */
  | { readonly login: string; readonly known: KnownOrigin }
  /** The current password of someone signed in; `sessionId` is null for API tokens. */
  | { readonly callerId: string; readonly sessionId: string | null }
  /** A second step, after the right password. */
  | { readonly secondStepOf: string; readonly known: KnownOrigin }
  /** A code by SMS for a second step. */
  | { readonly smsTo: string; readonly known: KnownOrigin }
  /** A code by SMS to a number that someone signed in wants to add. */
  | { readonly smsEnrolmentOf: string }
  /** A passkey alone. Null if it is nobody's. */
  | { readonly passkeyOf: string | null; readonly known: KnownOrigin }

/** The counts of an attempt: each rule with its key. */
export type CountedRules = readonly (readonly [RuleName, string])[]

/** Which counts an attempt concerns. */
export const rulesOf = (ip: string, subject: AttemptSubject): CountedRules => {
  // Of IPv6 a subscriber has a whole network: its addresses are as good as one.
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
    // Longer than any login is: nobody's, and no reason to keep it all.
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
