-- Removes what could not be read, unless something else is there by now.
local dropped = 0
for i, key in ipairs(KEYS) do
  local held = redis.pcall('GET', key)
  if held == ARGV[i] or type(held) == 'table' then
    dropped = dropped + redis.call('DEL', key)
  end
end
return dropped
