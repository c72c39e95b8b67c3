/** `/contacts/folders`, `/contacts/lists` and `/contacts/segments`. Members of lists: list-member-routes.ts. */
import type { Hono } from 'hono'
import type { Contact } from './contact-store.ts'
import type { Folder, List } from './list-store.ts'
import { invalidParameter, missingParameter } from './refusal.ts'
import { type Body, checkDateRange, cutPage, pathId, readBody, readPage, requiredText } from './request.ts'
import type { BrevoWorld } from './world.ts'

const PAGES = { standard: 10, most: 50 }

export function listRoutes(app: Hono, world: BrevoWorld): void {
  app.get('/contacts/segments', (c) => {
    const { segments } = world.lists
    const shown = cutPage(segments, readPage(c, PAGES)).map(({ contactIds: _, ...segment }) => segment)
    return c.json({ segments: shown, count: segments.length })
  })

  app.get('/contacts/lists', (c) => {
    const lists = world.lists.lists()
    const shown = cutPage(lists, readPage(c, PAGES)).map((list) => ({
      ...presentList(list, world),
      folderId: list.folderId,
    }))
    return c.json({ lists: shown, count: lists.length })
  })

  app.post('/contacts/lists', async (c) => {
    const body = await readBody(c)
    const name = requiredText(body, 'name', missingParameter)
    const list = world.lists.createList(name, folderIdOf(body), world.nowMs())
    return c.json({ id: list.id }, 201)
  })

  app.get('/contacts/lists/:listId', (c) => {
    checkDateRange(c)
    const list = world.lists.list(pathId(c, 'listId'))
    return c.json({
      ...presentList(list, world),
      folderId: list.folderId,
      createdAt: new Date(list.createdAtMs).toISOString(),
      campaignStats: [],
      dynamicList: false,
    })
  })

  app.put('/contacts/lists/:listId', async (c) => {
    const list = world.lists.list(pathId(c, 'listId'))
    const body = await readBody(c)
    if ((body.name === undefined) === (body.folderId === undefined)) {
      throw invalidParameter('Either name or folderId can be updated at a time')
    }
    if (body.name !== undefined) list.name = requiredText(body, 'name', missingParameter)
    else list.folderId = world.lists.folder(folderIdOf(body)).id
    return c.body(null, 204)
  })

  app.delete('/contacts/lists/:listId', (c) => {
    removeList(world, pathId(c, 'listId'))
    return c.body(null, 204)
  })
}

export function folderRoutes(app: Hono, world: BrevoWorld): void {
  app.get('/contacts/folders', (c) => {
    const folders = world.lists.folders()
    const shown = cutPage(folders, readPage(c, PAGES)).map((folder) => presentFolder(folder, world))
    return c.json({ folders: shown, count: folders.length })
  })

  app.post('/contacts/folders', async (c) => {
    const name = requiredText(await readBody(c), 'name', missingParameter)
    return c.json({ id: world.lists.createFolder(name).id }, 201)
  })

  app.get('/contacts/folders/:folderId', (c) =>
    c.json(presentFolder(world.lists.folder(pathId(c, 'folderId')), world)),
  )

  app.put('/contacts/folders/:folderId', async (c) => {
    const folder = world.lists.folder(pathId(c, 'folderId'))
    folder.name = requiredText(await readBody(c), 'name', missingParameter)
    return c.body(null, 204)
  })

  app.delete('/contacts/folders/:folderId', (c) => {
    const { id } = world.lists.folder(pathId(c, 'folderId'))
    for (const list of world.lists.lists(id)) removeList(world, list.id)
    world.lists.deleteFolder(id)
    return c.body(null, 204)
  })

  app.get('/contacts/folders/:folderId/lists', (c) => {
    const lists = world.lists.lists(world.lists.folder(pathId(c, 'folderId')).id)
    const shown = cutPage(lists, readPage(c, PAGES)).map((list) => presentList(list, world))
    return c.json({ lists: shown, count: lists.length })
  })
}

/** The contacts stay. */
function removeList(world: BrevoWorld, listId: number): void {
  world.lists.deleteList(listId)
  for (const contact of world.contacts.all()) {
    if (!contact.listIds.has(listId)) continue
    world.contacts.leaveList(contact, listId)
    world.contacts.touch(contact, world.nowMs())
  }
}

function folderIdOf(body: Body): number {
  if (body.folderId === undefined) throw missingParameter('folderId is missing')
  if (!Number.isSafeInteger(body.folderId)) throw invalidParameter('Invalid folderId')
  return body.folderId as number
}

function presentList(list: List, world: BrevoWorld): object {
  return { id: list.id, name: list.name, ...totals(world, new Set([list.id])) }
}

function presentFolder(folder: Folder, world: BrevoWorld): object {
  const listIds = new Set(world.lists.lists(folder.id).map(({ id }) => id))
  return { id: folder.id, name: folder.name, ...totals(world, listIds) }
}

/** The two totals are 0 where the vendor retires them; the number of different contacts is still told. */
function totals(world: BrevoWorld, listIds: Set<number>): object {
  if (world.switches.listTotals === 'zero') {
    const sizes = [...listIds].map((id) => world.contacts.listSize(id))
    const unique = sizes.length === 1 ? (sizes[0] ?? 0) : membersOf(world, listIds).length
    return { totalBlacklisted: 0, totalSubscribers: 0, uniqueSubscribers: unique }
  }
  const members = membersOf(world, listIds)
  const blacklisted = members.filter((contact) => contact.emailBlacklisted).length
  return {
    totalBlacklisted: blacklisted,
    totalSubscribers: members.length - blacklisted,
    uniqueSubscribers: members.length,
  }
}

function membersOf(world: BrevoWorld, listIds: Set<number>): Contact[] {
  return world.contacts.all().filter((contact) => [...listIds].some((id) => contact.listIds.has(id)))
}
