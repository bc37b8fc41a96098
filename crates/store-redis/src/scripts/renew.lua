-- Renews leases, or ends them if the length is 0. ARGV: length and memory in ms, then the token
-- of each key as milliseconds and counter. Gives 1 for each that was in force, else 0.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local length, memory = tonumber(ARGV[1]), tonumber(ARGV[2])
local out = {}
for i, key in ipairs(KEYS) do
  local held = redis.call('HMGET', key, 'until', 'ms', 'n')
  local ends = tonumber(held[1] or '0')
  local ours = held[2] == ARGV[2 * i + 1] and held[3] == ARGV[2 * i + 2]
  if ours and ends > now then
    redis.call('HSET', key, 'until', string.format('%.0f', now + length))
    redis.call('PEXPIRE', key, string.format('%.0f', length + memory))
    out[i] = 1
  else
    out[i] = 0
  end
end
return out
