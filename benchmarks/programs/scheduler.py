"""A simulated operating system kernel: tasks of several kinds pass packets by priority.

Polymorphic method calls, linked queues, flags in attributes: the work of the
classic Richards benchmark, with tasks and rules of its own.
"""
import sys
import time

FULL = 44000
SMALL = 60

IDLE_JOB, WORKER_JOB, ROUTER_A, ROUTER_B, DISK_JOB, WIRE_JOB = range(6)
TO_DISK, TO_WIRE = 1, 2
LETTERS = 4


class Packet:
    """A message; packets hang on each other in queues."""

    def __init__(self, link, home, kind):
        self.link = link
        self.home = home
        self.kind = kind
        self.mark = 0
        self.letters = [0] * LETTERS

    def put_after(self, queue):
        """The queue with this packet as its last."""
        self.link = None
        if queue is None:
            return self
        last = queue
        while last.link is not None:
            last = last.link
        last.link = self
        return queue


class Task:
    """What the kernel runs: it waits, holds, or has packets in its inbox."""

    def __init__(self, kernel, job, priority, inbox):
        self.kernel = kernel
        self.job = job
        self.priority = priority
        self.inbox = inbox
        self.waiting = inbox is None
        self.held = False
        self.turns = 0
        kernel.add(self)

    def can_run(self):
        return not self.held and (self.inbox is not None or not self.waiting)

    def turn(self):
        self.turns += 1
        packet = None
        if self.waiting:
            packet = self.inbox
            self.inbox = packet.link
            packet.link = None
            self.waiting = False
        return self.work(packet)

    def work(self, packet):
        raise NotImplementedError

    def receive(self, packet, sender):
        """Takes a packet; the next to run is the more important of the two."""
        self.inbox = packet.put_after(self.inbox)
        return self if self.priority > sender.priority else sender

    def wait(self):
        self.waiting = True
        return self


class IdleTask(Task):
    """Wakes one of the devices, as a shift register says."""

    def __init__(self, kernel, job, priority, rounds):
        self.left = rounds
        self.register = 1
        super().__init__(kernel, job, priority, None)
        self.waiting = False

    def work(self, packet):
        self.left -= 1
        if self.left == 0:
            return self.kernel.hold()
        if self.register & 1:
            self.register = (self.register >> 1) ^ 0xD008
            return self.kernel.release(WIRE_JOB)
        self.register >>= 1
        return self.kernel.release(DISK_JOB)


class WorkerTask(Task):
    """Fills packets with letters and gives them to the two routers in turn."""

    def __init__(self, kernel, job, priority, inbox):
        self.target = ROUTER_A
        self.letter = 0
        super().__init__(kernel, job, priority, inbox)

    def work(self, packet):
        if packet is None:
            return self.wait()
        self.target = ROUTER_B if self.target == ROUTER_A else ROUTER_A
        packet.home = self.target
        packet.mark = 0
        letters = packet.letters
        for i in range(LETTERS):
            self.letter = self.letter % 26 + 1
            letters[i] = 96 + self.letter
        return self.kernel.send(packet)


class RouterTask(Task):
    """Feeds letters of full packets, one by one, to device packets."""

    def __init__(self, kernel, job, priority, inbox):
        self.full = None
        self.empty = None
        super().__init__(kernel, job, priority, inbox)

    def work(self, packet):
        if packet is not None:
            if packet.kind == TO_DISK:
                self.empty = packet.put_after(self.empty)
            else:
                self.full = packet.put_after(self.full)
        full = self.full
        if full is None:
            return self.wait()
        if full.mark >= LETTERS:
            self.full = full.link
            full.home = WORKER_JOB
            return self.kernel.send(full)
        empty = self.empty
        if empty is None:
            return self.wait()
        self.empty = empty.link
        empty.mark = full.letters[full.mark]
        full.mark += 1
        return self.kernel.send(empty)


class DeviceTask(Task):
    """Keeps a packet until the idle task says that the device is done."""

    def __init__(self, kernel, job, priority):
        self.pending = None
        self.total = 0
        super().__init__(kernel, job, priority, None)

    def work(self, packet):
        if packet is not None:
            self.pending = packet
            self.total += packet.mark
            return self.kernel.hold()
        done = self.pending
        if done is None:
            return self.wait()
        self.pending = None
        return self.kernel.send(done)


class Kernel:
    def __init__(self):
        self.tasks = []
        self.jobs = [None] * 6
        self.current = None
        self.sent = 0
        self.holds = 0

    def add(self, task):
        self.tasks.append(task)
        self.jobs[task.job] = task
        self.tasks.sort(key=lambda each: -each.priority)

    def hold(self):
        self.holds += 1
        self.current.held = True
        return None

    def release(self, job):
        task = self.jobs[job]
        task.held = False
        return task if task.priority > self.current.priority else self.current

    def send(self, packet):
        target = self.jobs[packet.home]
        packet.home = self.current.job
        self.sent += 1
        return target.receive(packet, self.current)

    def pick(self):
        for task in self.tasks:
            if task.can_run():
                return task
        return None

    def run(self):
        task = self.pick()
        while task is not None:
            if task.can_run():
                self.current = task
                task = task.turn()
            else:
                task = None
            if task is None:
                task = self.pick()


def device_packets(home):
    queue = None
    for _ in range(3):
        queue = Packet(queue, home, TO_DISK)
    return queue


def run(size):
    kernel = Kernel()
    IdleTask(kernel, IDLE_JOB, 0, size)
    work = Packet(Packet(None, IDLE_JOB, TO_WIRE), IDLE_JOB, TO_WIRE)
    WorkerTask(kernel, WORKER_JOB, 1000, work)
    RouterTask(kernel, ROUTER_A, 2000, device_packets(DISK_JOB))
    RouterTask(kernel, ROUTER_B, 3000, device_packets(WIRE_JOB))
    DeviceTask(kernel, DISK_JOB, 4000)
    DeviceTask(kernel, WIRE_JOB, 5000)
    kernel.run()
    turns = [task.turns for task in kernel.tasks]
    totals = [kernel.jobs[DISK_JOB].total, kernel.jobs[WIRE_JOB].total]
    return "sent %d, held %d\nturns %s\ntotals %s" % (kernel.sent, kernel.holds, turns, totals)


def main(argv):
    """Runs `run` N times and prints its result; with --bench each time goes to stderr."""
    options = [arg for arg in argv[1:] if arg.startswith("--")]
    counts = [arg for arg in argv[1:] if not arg.startswith("--")]
    size = SMALL if "--small" in options else FULL
    bench = "--bench" in options
    result = None
    for _ in range(int(counts[0]) if counts else 1):
        start = time.process_time()
        again = run(size)
        elapsed = time.process_time() - start
        if result is not None and again != result:
            raise AssertionError("run() is not repeatable")
        result = again
        if bench:
            sys.stderr.write("%.6f\n" % elapsed)
    print(result)


if __name__ == "__main__":
    main(sys.argv)
