import { BasicInfoTab } from '../users/BasicInfoTab'
import { useMyAccount } from './MyAccountPage'

/** The user's own profile. */
export const ProfileTab = () => {
  const { user, dialog } = useMyAccount()
  return <BasicInfoTab user={user} pencil={dialog.pencil} onChangePassword={dialog.open} />
}
