import {
  type AuthenticationResponseJSON,
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser'
import type { PlainMessageId, Translate } from '../messages/locale'

/** The result of a passkey request in the browser: its response, or why there is none. */
type Ceremony<Response> =
  | { readonly kind: 'made'; readonly response: Response }
  | { readonly kind: 'failed'; readonly message: string }

const failed = (t: Translate, message: PlainMessageId) =>
  ({ kind: 'failed', message: t(message) }) as const

/**
 * Explains why the browser returned no response. A cancelled request and a timeout look the
 * same.
 */
const messageOf = (failure: unknown, whenRefused: PlainMessageId): PlainMessageId => {
  if (failure instanceof WebAuthnError) {
    if (failure.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') {
      return 'second-factor.passkey.alreadyAdded'
    }
    if (failure.code === 'ERROR_INVALID_DOMAIN' || failure.code === 'ERROR_INVALID_RP_ID') {
      return 'second-factor.passkey.wrongAddress'
    }
  }
  return whenRefused
}

/**
 * Requests an assertion of a passkey from the browser (WebAuthn Level 3, 7.2).
 *
 * @param options the options from the API.
 */
export const askPasskey = async (
  t: Translate,
  options: unknown,
): Promise<Ceremony<AuthenticationResponseJSON>> => {
  if (!browserSupportsWebAuthn()) return failed(t, 'second-factor.passkey.unsupported')
  try {
    const response = await startAuthentication({
      optionsJSON: options as PublicKeyCredentialRequestOptionsJSON,
    })
    return { kind: 'made', response }
  } catch (failure) {
    return failed(t, messageOf(failure, 'second-factor.passkey.notUsed'))
  }
}

/**
 * Creates a passkey in the browser (WebAuthn Level 3, 7.1).
 *
 * @param options the options from the API.
 */
export const makePasskey = async (
  t: Translate,
  options: unknown,
): Promise<Ceremony<RegistrationResponseJSON>> => {
  if (!browserSupportsWebAuthn()) return failed(t, 'second-factor.passkey.unsupported')
  try {
    const response = await startRegistration({
      optionsJSON: options as PublicKeyCredentialCreationOptionsJSON,
    })
    return { kind: 'made', response }
  } catch (failure) {
    return failed(t, messageOf(failure, 'second-factor.passkey.notCreated'))
  }
}
