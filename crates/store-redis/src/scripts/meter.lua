-- One account of a meter, one operation. The rules are those of the reference in memory; what is
-- not its business, such as when a window begins, is told by the caller.
--
-- KEYS: counts (hash), open (hash: id to price, begin, loss), due (by the instant of loss),
--   ended (ids in their order), lost (as open)
-- ARGV: operation, now, memory of ends, life of all in ms, then start and end of the minute, the
--   day and the billing month that lie around now; then the operation's own.
-- Gives: granted?, calls of the minute, credits of the day and of the month, credits held, holds.
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
  local price, at, lost_at = string.match(text, '^(%d+) (-?%d+) (-?%d+)$')
  return {price = tonumber(price), at = tonumber(at), lost_at = tonumber(lost_at), text = text}
end

local function close(id)
  local text = redis.call('HGET', KEYS[2], id)
  if not text then return nil end
  redis.call('HDEL', KEYS[2], id)
  redis.call('ZREM', KEYS[3], id)
  local hold = read(text)
  reserved = math.max(0, reserved - hold.price)
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

-- Takes the assumed price back out of the windows that it was booked in, and books the charge.
local function correct(hold, charged)
  for _, window in ipairs({'day', 'month'}) do
    local span = spans[window]
    if span[1] <= hold.lost_at and hold.lost_at < span[2] then
      span[3] = math.max(0, span[3] - hold.price)
    end
  end
  spend(charged)
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
  spend(hold.price)
  remember(id)
  redis.call('HSET', KEYS[5], id, hold.text)
end
roll(now)

local granted = 1
local minute, day, month = spans.minute, spans.day, spans.month
local usage = {whole(minute[3]), whole(day[3]), whole(month[3]), whole(reserved),
  whole(redis.call('HLEN', KEYS[2]))}

if operation == 'reserve' then
  local id, price, lost_at = ARGV[11], tonumber(ARGV[12]), ARGV[13]
  local function fits(used, asked, limit)
    return limit == '' or asked == 0 or used + asked <= tonumber(limit)
  end
  -- The driver of a cluster repeats a call whose answer was lost: what it did is not done again.
  local is_repeated = redis.call('HEXISTS', KEYS[2], id) == 1
  local is_fit = fits(minute[3], 1, ARGV[14]) and fits(day[3] + reserved, price, ARGV[15])
    and fits(month[3] + reserved, price, ARGV[16])
  if is_fit and not is_repeated then
    minute[3] = minute[3] + 1
    reserved = reserved + price
    redis.call('HSET', KEYS[2], id, whole(price) .. ' ' .. whole(now) .. ' ' .. lost_at)
    redis.call('ZADD', KEYS[3], lost_at, id)
  elseif not is_repeated then
    granted = 0
  end
elseif operation == 'settle' then
  local id, charged = ARGV[11], tonumber(ARGV[12])
  if close(id) then
    spend(charged)
  else
    local lost = found_lost(id)
    if lost then correct(lost, charged)
    elseif not redis.call('ZSCORE', KEYS[4], id) then spend(charged) end
  end
  remember(id)
elseif operation == 'release' then
  local id = ARGV[11]
  local hold = close(id)
  if not hold then
    hold = found_lost(id)
    if hold then correct(hold, 0) end
  end
  if hold then
    if minute[1] <= hold.at and hold.at < minute[2] then
      minute[3] = math.max(0, minute[3] - 1)
    end
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
return usage
