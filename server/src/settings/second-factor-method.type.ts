import { registerEnumType } from 'type-graphql'

/** What can serve as a second factor at sign-in. */
export enum SecondFactorMethodEnum {
  TOTP = 'TOTP',
  PASSKEY = 'PASSKEY',
  SMS = 'SMS',
  RECOVERY_CODE = 'RECOVERY_CODE',
}

registerEnumType(SecondFactorMethodEnum, {
  name: 'SecondFactorMethod',
  description: 'What can serve as a second factor at sign-in.',
  valuesConfig: {
    TOTP: { description: 'A code of an authenticator app (RFC 6238).' },
    PASSKEY: { description: 'A passkey or security key (WebAuthn).' },
    SMS: { description: 'A code sent by SMS to the phone number that was enrolled.' },
    RECOVERY_CODE: {
      description: 'A recovery code. It comes with any of the others and can’t be chosen itself.',
    },
  },
})
