import { OperationsTab } from '../operations/OperationsTab'
import { useMyAccount } from './MyAccountPage'

/** The operations on the user's own profile. */
export const ActivityTab = () => {
  const { user } = useMyAccount()
  return (
    <OperationsTab
      userId={user.id}
      name={user.name}
      own
      seesAll={user.permissions.includes('operations.read')}
    />
  )
}
