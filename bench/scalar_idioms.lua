-- The twins of scalar_idioms.theta: lua scalar_idioms.lua SIZE
local n = tonumber(arg[1])
local function report(name, work)
  local start = os.clock()
  local result = work(n)
  print(string.format("time %s %.6f %.12g", name, os.clock() - start, result))
end

local function fill(n, f) local t = {} for k = 1, n do t[k] = f(k) end return t end
local function step(x, k) if k == nil then k = 2 end return x + k end

report("while_and", function(n) local i, x = 0, 2.5 while i < n and x > 0 do x = x + 0.5; i = i + 1 end return x end)
report("while_or", function(n) local i, done = 0, false while not (i >= n or done) do i = i + 1 end return i end)
report("if_else", function(n)
  local a, b = 0, 0
  for i = 1, n do if i % 3 == 0 then a = a + i elseif i % 5 == 0 then b = b + i else a = a - 1 end end
  return a + b
end)
report("conditional", function(n) local s = 0 for i = 1, n do s = s + (i < 500 and 1.5 or 2) end return s end)
report("chain", function(n) local s = 0 for i = 1, n do if 100 < i and i <= 2000 then s = s + i end end return s end)
report("read_element", function(n)
  local x, s = fill(1000, function(k) return 0.5*k end), 0
  for i = 1, n do s = s + x[i % 1000 + 1] end
  return s
end)
report("write_element", function(n)
  local x = fill(1000, function() return 0 end)
  for i = 1, n do x[i % 1000 + 1] = i end
  return x[17]
end)
report("update_element", function(n)
  local x = fill(1000, function() return 0 end)
  for i = 1, n do local k = i % 1000 + 1; x[k] = x[k] + 1.5 end
  return x[17]
end)
report("read_matrix", function(n)
  local X, s = fill(100, function() return fill(10, function() return 1 end) end), 0
  for i = 1, n do s = s + X[i % 100 + 1][i % 10 + 1] end
  return s
end)
report("write_matrix", function(n)
  local X = fill(100, function() return fill(10, function() return 0 end) end)
  for i = 1, n do X[i % 100 + 1][3] = i end
  return X[17][3]
end)
report("append_element", function(n) local x = {} for i = 1, n do x[#x + 1] = i end return x[#x] end)
report("read_list", function(n) local l, s = {1.5, 2.5, 3.5}, 0 for i = 1, n do s = s + l[i % 3 + 1] end return s end)
report("read_field", function(n) local r, s = {a = 1.5, b = 2.5, c = 3.5}, 0 for i = 1, n do s = s + r.b end return s end)
report("write_field", function(n) local r = {a = 1.5, b = 2.5, c = 3.5} for i = 1, n do r.c = i end return r.c end)
report("update_field", function(n) local r = {a = 1.5, b = 2.5, c = 3.5} for i = 1, n do r.c = r.c + i end return r.c end)
report("call_default", function(n) local s = 0 for i = 1, n do s = step(s) end return s end)
report("call_named", function(n) local s = 0 for i = 1, n do s = step(s, 3) end return s end)
report("call_closure", function(n)
  local k = 2.5
  local f = function(x) return x + k end
  local s = 0
  for i = 1, n do s = f(s) end
  return s
end)
report("call_global", function(n) local s = 0 for i = 1, n do s = step(s, 1.5) end return s end)
report("builtin_one", function(n) local s = 0 for i = 1, n do s = s + math.sqrt(i) + math.abs(s) end return s end)
report("builtin_floor", function(n) local s = 0 for i = 1, n do s = s + math.floor(i/3) end return s end)
report("builtin_exp", function(n) local s = 0 for i = 1, n do s = s + math.exp(-i/n) end return s end)
report("builtin_two", function(n) local s = 0 for i = 1, n do s = s + math.min(i, 500) end return s end)
report("powers", function(n) local s = 0 for i = 1, n do s = s + (i % 7)^2 + (i % 3)^3 end return s end)
report("comprehension", function(n) local x = {} for k = 1, n do x[k] = 2*k + 1 end return x[n] end)
report("for_array", function(n)
  local x, s = fill(n, function() return 1.5 end), 0
  for _, v in ipairs(x) do s = s + v end
  return s
end)
report("for_list", function(n)
  local x, s = fill(n, function() return 1.5 end), 0
  for _, v in ipairs(x) do s = s + v end
  return s
end)
report("for_table", function(n)
  local t, s = fill(n, function(k) return {x = k, y = k} end), 0
  for _, r in ipairs(t) do s = s + r.x end
  return s
end)
report("for_down", function(n) local s = 0 for i = n, 1, -1 do s = s + i end return s end)
report("join_strings", function(n) local t = {} for i = 1, n do t[i] = "ab" end return #table.concat(t) end)
report("interpolate", function(n) local k = 0 for i = 1, n do local s = "i = " .. i; k = k + #s end return k end)
report("unpack", function(n)
  local s, p = 0, {1.5, 2.5}
  for i = 1, n do local a, b = p[1], p[2]; s = s + a + b end
  return s
end)
