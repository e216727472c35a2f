import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { SignInPage } from './SignInPage'
import type { SignInState } from './sign-in-address'

/** The sign-in page for users who come from another page. */
export const SignInRoute = () => {
  const [parameters] = useSearchParams()
  const navigate = useNavigate()
  const { passwordResetOf } = (useLocation().state ?? {}) as SignInState
  return (
    <SignInPage
      parameters={parameters}
      passwordResetOf={passwordResetOf}
      onSignedIn={next => navigate(next, { replace: true })}
    />
  )
}
