import { useEffect, useEffectEvent, useState } from 'react'
import { ChangePasswordForm, type PasswordChange, type PasswordOwner } from './ChangePasswordForm'
import { OthersPasswordResult } from './OthersPasswordResult'
import { OwnPasswordResult } from './OwnPasswordResult'
import type { Policy } from './password-policy'

interface Props {
  user: PasswordOwner
  /** Whether the user is the caller. */
  own: boolean
  policy: Policy
  /** Undefined until the list is loaded. */
  commonPasswords: ReadonlySet<string> | undefined
  onClose: () => void
  /** Called when the result starts or ends to show a password that cannot be shown again. */
  onPasswordShown: (shown: boolean) => void
}

/** The steps of the dialog: the form, and after the change its result. */
export const ChangePasswordSteps = ({
  user,
  own,
  policy,
  commonPasswords,
  onClose,
  onPasswordShown,
}: Props) => {
  // The only place that holds the new password after the change. It disappears with the dialog.
  const [change, setChange] = useState<PasswordChange | null>(null)
  const passwordShown = change !== null && change.newPassword !== null
  const report = useEffectEvent(onPasswordShown)
  useEffect(() => {
    report(passwordShown)
    return () => report(false)
  }, [passwordShown])
  if (change === null) {
    return (
      <ChangePasswordForm
        user={user}
        own={own}
        policy={policy}
        commonPasswords={commonPasswords}
        onCancel={onClose}
        onChanged={done => setChange(own ? { ...done, newPassword: null } : done)}
      />
    )
  }
  if (own) return <OwnPasswordResult onClose={onClose} />
  return (
    <OthersPasswordResult
      user={user}
      change={change}
      onForget={() => setChange({ ...change, newPassword: null })}
      onClose={onClose}
    />
  )
}
