import { Component, type ReactNode } from 'react'
import { RouteFailure } from './RouteFailure'

/** Shows a failure that occurs outside the router, where no route can show it. */
export class FailureBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  static getDerivedStateFromError = () => ({ failed: true })
  override readonly state = { failed: false }
  override render() {
    return this.state.failed ? <RouteFailure /> : this.props.children
  }
}
