-- Takes leases. ARGV: length and memory in ms, the proposed token as milliseconds and counter.
-- Gives four numbers per key: taken?, ms left or whether there was one before, and the token.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local length, memory = tonumber(ARGV[1]), tonumber(ARGV[2])
local out = {}
for _, key in ipairs(KEYS) do
  local held = redis.call('HMGET', key, 'until', 'ms', 'n')
  local ends = tonumber(held[1] or '0')
  if ends > now then
    for _, value in ipairs({0, ends - now, 0, 0}) do out[#out + 1] = value end
  else
    local ms, n = tonumber(ARGV[3]), tonumber(ARGV[4])
    if held[2] then
      local last_ms, last_n = tonumber(held[2]), tonumber(held[3]) + 1
      if last_n > 65535 then last_ms, last_n = last_ms + 1, 0 end
      if last_ms > ms or (last_ms == ms and last_n > n) then ms, n = last_ms, last_n end
    end
    if now > ms then ms, n = now, 0 end
    local whole = function(x) return string.format('%.0f', x) end
    redis.call('HSET', key, 'until', whole(now + length), 'ms', whole(ms), 'n', whole(n))
    redis.call('PEXPIRE', key, whole(length + memory))
    for _, value in ipairs({1, held[2] and 1 or 0, ms, n}) do out[#out + 1] = value end
  end
end
return out
