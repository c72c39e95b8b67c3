/** `GET /account` (https://developers.brevo.com/reference/get-account). */
import type { Hono } from 'hono'
import type { BrevoWorld } from './world.ts'

const PLAN_NAMES = { starter: 'Starter', professional: 'Professional', enterprise: 'Enterprise' }

export function accountRoutes(app: Hono, world: BrevoWorld): void {
  app.get('/account', (c) => {
    const { credits = 5000, ...owner } = world.account
    return c.json({
      organization_id: '60b5f0c2a1d3e4f5a6b7c8d9',
      user_id: 1,
      enterprise: world.plan === 'enterprise',
      ...owner,
      plan: [{ type: 'subscription', creditsType: 'sendLimit', credits }],
      planVerticals: [
        {
          planCategory: 'Marketing',
          planType: world.plan,
          name: PLAN_NAMES[world.plan],
          status: 'active',
        },
      ],
      relay: {
        enabled: true,
        data: { userName: world.account.email, relay: 'smtp-relay.example.com', port: 587 },
      },
      marketingAutomation: { enabled: true, key: 'sandboxautomationkey' },
    })
  })
}
