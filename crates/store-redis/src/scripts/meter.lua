-- One account of a meter, one operation. The rules are those of the reference in memory; what is
-- not its business, such as when a window begins, is told by the caller.
--
-- KEYS: counts (hash), open (hash: id to price, begin, loss, the part of the price that is booked,
--   calls that are counted for it), due (by the instant of loss),
--   ended (ids in their order), lost (as open)
-- ARGV: operation, now, memory of ends, life of all in ms, then start and end of the minute, the
--   day and the billing month that lie around now; then the operation's own.
-- Gives: granted?, calls of the minute, credits of the day and of the month, credits held, holds,
--   credits and calls of a block.
local operation, now = ARGV[1], tonumber(ARGV[2])
local ends_max, life = tonumber(ARGV[3]), ARGV[4]
local windows = {'minute', 'day', 'month'}
local around = {}
for i, window in ipairs(windows) do
  around[window] = {tonumber(ARGV[3 + 2 * i]), tonumber(ARGV[4 + 2 * i])}
end
local function whole(x) return string.format('%.0f', x) end

local spans = {}
for _, window in ipairs(windows) do
  local held = redis.call('HMGET', KEYS[1], window .. ':start', window .. ':end', window)
  spans[window] = {tonumber(held[1] or '0'), tonumber(held[2] or '0'), tonumber(held[3] or '0')}
end
local reserved = tonumber(redis.call('HGET', KEYS[1], 'reserved') or '0')

-- A span is left only when it is over. Between its end and the present one lies at most what is
-- over by now, too: its bounds do not matter.
local function roll(at)
  for _, window in ipairs(windows) do
    local span, present = spans[window], around[window]
    if at >= span[2] then
      span[3] = 0
      if at >= present[1] then span[1], span[2] = present[1], present[2]
      else span[1], span[2] = at, present[1] end
    elseif at >= span[1] and at >= present[1] then
      span[1], span[2] = present[1], present[2]
    end
  end
end

local function read(text)
  local price, at, lost_at, booked, calls =
    string.match(text, '^(%d+) (-?%d+) (-?%d+) (%d+) (%d+)$')
  return {price = tonumber(price), at = tonumber(at), lost_at = tonumber(lost_at),
    booked = tonumber(booked), calls = tonumber(calls), text = text}
end

local function rest(hold) return math.max(0, hold.price - hold.booked) end

local function open(id, hold)
  reserved = reserved + rest(hold)
  redis.call('HSET', KEYS[2], id, table.concat({whole(hold.price), whole(hold.at),
    whole(hold.lost_at), whole(hold.booked), whole(hold.calls)}, ' '))
  redis.call('ZADD', KEYS[3], whole(hold.lost_at), id)
end

local function close(id)
  local text = redis.call('HGET', KEYS[2], id)
  if not text then return nil end
  redis.call('HDEL', KEYS[2], id)
  redis.call('ZREM', KEYS[3], id)
  local hold = read(text)
  reserved = math.max(0, reserved - rest(hold))
  return hold
end

local function spend(credits)
  spans.day[3] = spans.day[3] + credits
  spans.month[3] = spans.month[3] + credits
end

local function remember(id)
  if redis.call('ZSCORE', KEYS[4], id) then return end
  redis.call('ZADD', KEYS[4], redis.call('HINCRBY', KEYS[1], 'ends', 1), id)
  if redis.call('ZCARD', KEYS[4]) > ends_max then
    local oldest = redis.call('ZPOPMIN', KEYS[4])
    redis.call('HDEL', KEYS[5], oldest[1])
  end
end

-- Takes what was assumed back out of the windows that it was booked in.
local function refund(hold)
  for _, window in ipairs({'day', 'month'}) do
    local span = spans[window]
    if span[1] <= hold.lost_at and hold.lost_at < span[2] then
      span[3] = math.max(0, span[3] - rest(hold))
    end
  end
end

-- Calls that did not go out are not counted, if the minute is still theirs.
local function uncount(hold, calls)
  local minute = spans.minute
  if minute[1] <= hold.at and hold.at < minute[2] then
    minute[3] = math.max(0, minute[3] - calls)
  end
end

local function found_lost(id)
  local text = redis.call('HGET', KEYS[5], id)
  if not text then return nil end
  redis.call('HDEL', KEYS[5], id)
  return read(text)
end

-- What is lost by now is booked where it was lost, in the order of losses.
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
  local hold = close(id)
  roll(hold.lost_at)
  spend(rest(hold))
  remember(id)
  redis.call('HSET', KEYS[5], id, hold.text)
end
roll(now)

local granted, block_credits, block_calls = 1, 0, 0
local minute, day, month = spans.minute, spans.day, spans.month
local usage = {whole(minute[3]), whole(day[3]), whole(month[3]), whole(reserved),
  whole(redis.call('HLEN', KEYS[2]))}
local function fits(used, asked, limit)
  return limit == '' or asked == 0 or used + asked <= tonumber(limit)
end
-- A part of what a limit leaves, but no more than is wanted.
local function part(used, limit, share, wanted)
  if limit == '' then return wanted end
  return math.min(wanted, math.floor(math.max(0, tonumber(limit) - used) / share))
end

if operation == 'reserve' then
  local id, price, lost_at = ARGV[11], tonumber(ARGV[12]), tonumber(ARGV[13])
  -- The driver of a cluster repeats a call whose answer was lost: what it did is not done again.
  local is_repeated = redis.call('HEXISTS', KEYS[2], id) == 1
  local is_fit = fits(minute[3], 1, ARGV[14]) and fits(day[3] + reserved, price, ARGV[15])
    and fits(month[3] + reserved, price, ARGV[16])
  if is_fit and not is_repeated then
    minute[3] = minute[3] + 1
    open(id, {price = price, at = now, lost_at = lost_at, booked = 0, calls = 1})
  elseif not is_repeated then
    granted = 0
  end
elseif operation == 'lease' then
  local id, lost_at = ARGV[11], tonumber(ARGV[13])
  local least, most = tonumber(ARGV[12]), tonumber(ARGV[17])
  local calls_most, share = tonumber(ARGV[18]), tonumber(ARGV[19])
  local text = redis.call('HGET', KEYS[2], id)
  if text then
    local hold = read(text)
    block_credits, block_calls = hold.price, hold.calls
  elseif fits(minute[3], 1, ARGV[14]) and fits(day[3] + reserved, least, ARGV[15])
    and fits(month[3] + reserved, least, ARGV[16]) then
    local of_month = part(month[3] + reserved, ARGV[16], share, most)
    block_credits = math.max(least, part(day[3] + reserved, ARGV[15], share, of_month))
    block_calls = math.max(1, part(minute[3], ARGV[14], share, calls_most))
    minute[3] = minute[3] + block_calls
    open(id, {price = block_credits, at = now, lost_at = lost_at, booked = 0,
      calls = block_calls})
  else
    granted = 0
  end
elseif operation == 'report' then
  local id, charged, ceiling = ARGV[11], tonumber(ARGV[12]), tonumber(ARGV[13])
  local calls, lost_at, is_ended = tonumber(ARGV[14]), tonumber(ARGV[15]), ARGV[16] == '1'
  local hold = close(id)
  if not hold then
    hold = found_lost(id)
    if hold then
      redis.call('ZREM', KEYS[4], id)
      refund(hold)
    elseif not redis.call('ZSCORE', KEYS[4], id) then
      hold = {price = ceiling, at = now, lost_at = lost_at, booked = 0, calls = calls}
    end
  end
  if hold then
    charged = math.max(charged, hold.booked)
    spend(charged - hold.booked)
    hold.booked = charged
    hold.price = math.max(math.min(hold.price, ceiling), charged)
    uncount(hold, math.max(0, hold.calls - calls))
    hold.calls = math.min(hold.calls, calls)
    hold.lost_at = math.max(hold.lost_at, lost_at)
    if is_ended then remember(id) else open(id, hold) end
  end
elseif operation == 'settle' then
  local id, charged = ARGV[11], tonumber(ARGV[12])
  local hold = close(id)
  if not hold then
    hold = found_lost(id)
    if hold then refund(hold) end
  end
  if hold then spend(math.max(0, charged - hold.booked))
  elseif not redis.call('ZSCORE', KEYS[4], id) then spend(charged) end
  remember(id)
elseif operation == 'release' then
  local id = ARGV[11]
  local hold = close(id)
  if not hold then
    hold = found_lost(id)
    if hold then refund(hold) end
  end
  if hold then
    uncount(hold, hold.calls)
    remember(id)
  end
elseif operation == 'raise' then
  local span = spans[ARGV[11]]
  span[3] = math.max(span[3], tonumber(ARGV[12]))
end

for _, window in ipairs(windows) do
  local span = spans[window]
  redis.call('HSET', KEYS[1], window .. ':start', whole(span[1]), window .. ':end', whole(span[2]),
    window, whole(span[3]))
end
redis.call('HSET', KEYS[1], 'reserved', whole(reserved))
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, life) end
table.insert(usage, 1, granted)
table.insert(usage, whole(block_credits))
table.insert(usage, whole(block_calls))
return usage
