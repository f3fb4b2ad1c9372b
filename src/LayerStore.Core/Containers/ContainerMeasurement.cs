using LayerStore.Drivers;
using LayerStore.Layers;
using LayerStore.Metadata;

namespace LayerStore.Containers;

/// <summary>Measures what containers take, on all processors.</summary>
internal sealed class ContainerMeasurement(string root, StoreMetadata metadata, LayerCollection layers, IStorageDriver driver)
{
    /// <summary>What one container takes.</summary>
    public ContainerSize Measure(ContainerRecord container, CancellationToken cancellation) =>
        Measure(container, layers.ParentsOf(container.Layer), driver.Accounts([container.Layer]), cancellation);

    /// <summary>What these take, in the order given; those that vanish meanwhile are left out.</summary>
    /// <param name="containers">The containers.</param>
    /// <param name="failed">Told of each that cannot be measured, in the same order; null to throw instead.</param>
    /// <param name="cancellation">Stops between two files.</param>
    public IEnumerable<ContainerSize> Measure(IReadOnlyList<Container> containers, Action<Container, StoreException>? failed, CancellationToken cancellation)
    {
        var records = metadata.Containers.List().ToDictionary(container => container.Id);
        var accounts = driver.Accounts([.. containers.Select(container => records.GetValueOrDefault(container.Id)?.Layer).OfType<LayerId>()]);
        var chains = new Dictionary<LayerId, IReadOnlyList<LayerId>>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new Queue<(Container Container, Task<ContainerSize?> Size)>();
        try
        {
            foreach (var container in containers)
            {
                if (!records.TryGetValue(container.Id, out var record))
                    continue;
                var parents = record.Parent is { } parent ? ChainOf(parent) : [];
                running.Enqueue((container, Task.Run(() => TryMeasure(record, parents, accounts, stop.Token), stop.Token)));
                // Some ahead, so that one big container does not leave the other processors idle, and not all, so that stopping is quick.
                if (running.Count > 4 * Environment.ProcessorCount && Next() is { } size)
                    yield return size;
            }
            while (running.Count > 0)
                if (Next() is { } size)
                    yield return size;
        }
        finally
        {
            stop.Cancel();
            // Nobody may still be reading a layer when the caller goes on, perhaps to remove it.
            foreach (var (_, size) in running)
                ((IAsyncResult)size).AsyncWaitHandle.WaitOne();
        }

        ContainerSize? Next()
        {
            var (container, size) = running.Dequeue();
            try
            {
                return size.GetAwaiter().GetResult();
            }
            catch (StoreException e) when (failed is not null)
            {
                failed(container, e);
                return null;
            }
        }

        IReadOnlyList<LayerId> ChainOf(LayerId top) => chains.TryGetValue(top, out var chain) ? chain : chains[top] = layers.ChainOf(top);
    }

    /// <summary>What the driver's bookkeeping says is allocated to these, in the order given.</summary>
    public IReadOnlyList<ContainerAllocation> MeasureAllocated(IReadOnlyList<Container> containers)
    {
        var accounts = driver.Accounts([.. containers.Select(container => LayerId.Parse(container.LayerId))]);
        return
        [
            .. containers.Select(container => (Container: container, Account: accounts.GetValueOrDefault(LayerId.Parse(container.LayerId)))).Select(known => new ContainerAllocation
            {
                Id = known.Container.Id,
                Name = known.Container.Name,
                Image = known.Container.Image,
                AllocatedBytes = known.Account.AllocatedBytes,
                AllocatedInodes = known.Account.AllocatedInodes,
                Root = root,
            }),
        ];
    }

    private ContainerSize? TryMeasure(
        ContainerRecord container, IReadOnlyList<LayerId> parents, IReadOnlyDictionary<LayerId, LayerAccount> accounts, CancellationToken cancellation)
    {
        try
        {
            return Measure(container, parents, accounts, cancellation);
        }
        catch (StoreException) when (metadata.Containers.FindById(container.Id) is null)
        {
            return null;
        }
    }

    private ContainerSize Measure(
        ContainerRecord container, IReadOnlyList<LayerId> parents, IReadOnlyDictionary<LayerId, LayerAccount> accounts, CancellationToken cancellation)
    {
        var account = accounts.GetValueOrDefault(container.Layer);
        var usage = account.Unchanged ? new Usage(0, 0) : driver.Measure(container.Layer, parents, cancellation);
        return new ContainerSize
        {
            Id = container.Id,
            Name = container.Name,
            Image = container.ImageName,
            SizeRw = usage.Bytes,
            SizeRootFs = container.ImageSize + usage.Bytes,
            Inodes = usage.Inodes,
            AllocatedBytes = account.AllocatedBytes ?? usage.AllocatedBytes,
            Root = root,
        };
    }
}
