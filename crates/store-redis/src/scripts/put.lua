-- Keeps each value unless a newer one is there. Versions: u64, little endian, at bytes 12..20 of
-- a frame; compared as halves, since numbers here are doubles. What is no frame loses.
local function version(frame)
  if not frame or type(frame) ~= 'string' or #frame < 20 or string.sub(frame, 1, 3) ~= 'cmE' then
    return -1, -1
  end
  local low, high = struct.unpack('<I4I4', string.sub(frame, 13, 20))
  return high, low
end
local kept = 0
for i, key in ipairs(KEYS) do
  local frame, life = ARGV[2 * i - 1], ARGV[2 * i]
  local held_high, held_low = version(redis.pcall('GETRANGE', key, 0, 19))
  local high, low = version(frame)
  if held_high < high or (held_high == high and held_low <= low) then
    redis.call('SET', key, frame, 'PX', life)
    kept = kept + 1
  end
end
return kept
